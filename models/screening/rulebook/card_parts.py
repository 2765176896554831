"""What a card is made of: lines, each about one fact, with bins, whole points and the reason for them."""

from __future__ import annotations

import datetime as dt
from typing import Literal, NamedTuple

from pydantic import Field, StrictBool, StrictFloat, StrictInt

from models.strict_toml import Chinese, Citation, English, Strict


class Bin(Strict):
    """Values of a fact and their points: a range `from` (included) `below` (excluded), codes, or `is`."""

    from_: StrictInt | StrictFloat | None = Field(default=None, alias="from")
    below: StrictInt | StrictFloat | None = None
    codes: tuple[str, ...] | None = None
    is_: StrictBool | None = Field(default=None, alias="is")
    points: StrictInt

    @property
    def kinds(self) -> set[str]:
        """How the bin says which values it holds: `range`, `codes`, `is`; a good bin says it one way."""
        given = {"codes"} if self.codes is not None else set()
        given |= {"is"} if self.is_ is not None else set()
        return given | ({"range"} if self.from_ is not None or self.below is not None else set())


class Line(Strict):
    """One fact of a card; points go one way with the value (`direction`), `unknown` stands for no answer."""

    fact: str
    clause: Citation
    zh: Chinese
    en: English
    direction: Literal["rising", "falling", "codes"]
    bins: tuple[Bin, ...] = Field(min_length=2)
    unknown: StrictInt

    @property
    def lowest(self) -> int:
        """The fewest points that the line can give."""
        return min(one.points for one in self.bins)

    @property
    def highest(self) -> int:
        """The most points that the line can give."""
        return max(one.points for one in self.bins)


class Raise(Strict):
    """From that many points on the card raises a child to that tier; it never lowers one."""

    at_least: StrictInt
    tier: str
    zh: Chinese
    en: English


class Learned(Strict):
    """How a learned card came about; an expert card has none."""

    method: str
    trained_from: dt.date = Field(strict=True)
    trained_to: dt.date = Field(strict=True)
    n_children: StrictInt
    outcome: str
    measures: dict[str, float] = Field(default_factory=dict)


class Card(Strict):
    """A card as an author signed it; `range` is the lowest and the highest sum of points."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    target: Literal["visit", "referral"]
    zh: Chinese
    en: English
    clause: Citation
    author: str = Field(min_length=1)
    date: dt.date = Field(strict=True)
    range: tuple[StrictInt, StrictInt]
    lines: tuple[Line, ...] = Field(min_length=1)
    raises: tuple[Raise, ...] = ()
    learned: Learned | None = None


class ReadCard(NamedTuple):
    """A card with the text that it was read from; receipts are made from the text."""

    card: Card
    text: str
