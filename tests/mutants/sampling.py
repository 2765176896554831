"""Which mutants a short run takes: a few of each of some indicators, drawn by a seed and nothing else."""

from __future__ import annotations

import random

from models.measure import indicators
from tests.mutants.making import Mutant
from tests.mutants.running import mutants_of

OF_EACH = 3  # a ledger's tables cost more than its mutants


def drawn(number: int, seed: int) -> dict[str, list[Mutant]]:
    """So many mutants, three of each indicator that is drawn; the same for the same seed.

    Those that a rule proves to change nothing are no part of the draw.
    """
    rng = random.Random(f"mutants {seed}")
    codes = sorted(indicators())
    rng.shuffle(codes)
    found: dict[str, list[Mutant]] = {}
    for code in codes:
        left = number - sum(len(of_code) for of_code in found.values())
        if left <= 0:
            break
        able = [mutant for mutant in mutants_of(code) if not mutant.reason]
        found[code] = rng.sample(able, min(OF_EACH, left, len(able)))
    return found
