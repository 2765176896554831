"""The corpus of hard cases: what really arrives, what is broken, what is meant to break."""

from tests.corpus import containers, damage, hostile, names, people, values, workbooks
from tests.corpus.case import CASES

__all__ = ["CASES", "containers", "damage", "hostile", "names", "people", "values", "workbooks"]
