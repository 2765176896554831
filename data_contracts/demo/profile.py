"""Reads what the made-up district is like, and draws from it."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Mapping
from functools import cache
from math import exp
from pathlib import Path
from typing import Any


@cache
def profile() -> dict[str, Any]:
    """Shares, counts and word lists of `profile.toml`."""
    return tomllib.loads((Path(__file__).parent / "profile.toml").read_text("utf-8"))


def weighted(rng: random.Random, weights: Mapping[str, float]) -> str:
    """One key, drawn by its weight."""
    return rng.choices(list(weights), list(weights.values()))[0]


def risk(share: float, need: float, strength: float = 0.9) -> float:
    """Chance of a trouble for a household of this need; over a standard normal need its mean is `share`."""
    return min(0.9, share * exp(strength * need - strength * strength / 2))
