"""When a page speaks up or keeps silent: numbers with unit, date and source, read strictly from
thresholds.toml.
"""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

FILE = Path(__file__).with_name("thresholds.toml")


class Threshold(BaseModel):
    """One number of the pages, and where it comes from."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    value: int | float
    unit: str = Field(min_length=1)
    valid_from: date
    source: str = Field(min_length=1)
    confirm_locally: bool


@cache
def thresholds() -> dict[str, Threshold]:
    """All thresholds by name; an unknown or missing entry is an error that names it."""
    raw = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return {name: Threshold.model_validate(entry) for name, entry in raw.items()}


def threshold(name: str) -> float:
    """The value of one threshold."""
    return thresholds()[name].value
