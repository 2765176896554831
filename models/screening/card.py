"""Cards: points that rank children inside a tier, read strictly from TOML and checked before use.

A card is closed: lines, each about one fact with bins and whole points, an answer for "not known", and
nothing to evaluate.  It can raise a tier where it says so; it can never lower one, and it never sees the
lanes.  The linter refuses what the law or decency forbids to score, gaps and overlaps, and a declared range
that isn't the sum.
"""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

from pydantic import Field, StrictBool, StrictFloat, StrictInt

from models.facts import Fact, facts
from models.strict_toml import Citation, FileProblem, Strict, place, read

FOLDER = Path(__file__).parent / "cards"
FORBIDDEN = Path(__file__).parent / "forbidden.toml"


class Bin(Strict):
    """Values of a fact and their points: a range `from` (included) `below` (excluded), codes, or `is`."""

    from_: StrictInt | StrictFloat | None = Field(default=None, alias="from")
    below: StrictInt | StrictFloat | None = None
    codes: tuple[str, ...] | None = None
    is_: StrictBool | None = Field(default=None, alias="is")
    points: StrictInt


class Line(Strict):
    """One fact of a card; points go one way with the value (`direction`), `unknown` stands for no answer."""

    fact: str
    clause: Citation
    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)
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
    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)


class Learned(Strict):
    """How a learned card came about; an expert card has none."""

    method: str
    trained_from: date
    trained_to: date
    n_children: StrictInt
    outcome: str
    measures: dict[str, float] = Field(default_factory=dict)


class Card(Strict):
    """A card as an author signed it; `range` is the lowest and the highest sum of points."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    target: Literal["visit", "referral"]
    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)
    clause: Citation
    author: str = Field(min_length=1)
    date: date
    range: tuple[StrictInt, StrictInt]
    lines: tuple[Line, ...] = Field(min_length=1)
    raises: tuple[Raise, ...] = ()
    learned: Learned | None = None


class ReadCard(NamedTuple):
    """A card with the text that it was read from; receipts are made from the text."""

    card: Card
    text: str


class ForbiddenFact(Strict):
    """Something that no card may score, and why."""

    name: str
    zh: str
    en: str


class _Forbidden(Strict):
    forbidden: tuple[ForbiddenFact, ...]


@cache
def forbidden() -> dict[str, ForbiddenFact]:
    """What no card may score: names (also as part of a fact's name) with the reason."""
    listed = read(FORBIDDEN.read_text("utf-8"), _Forbidden, FORBIDDEN.name)
    return {one.name: one for one in listed.forbidden}


def parse(text: str, file: str, known: dict[str, Fact] | None = None) -> ReadCard:
    """The card in that text, checked; FileProblem names file, line, what was expected and found."""
    card = read(text, Card, file)
    known = facts() if known is None else known
    problems = _lint_lines(card, text, file, known)
    problems += _lint_sums(card, text, file)
    if problems:
        raise FileProblem("; ".join(problems))
    return ReadCard(card, text)


def _lint_sums(card: Card, text: str, file: str) -> list[str]:
    found = (sum(line.lowest for line in card.lines), sum(line.highest for line in card.lines))
    problems = []
    if card.range != found:
        where = place(text, file, ["range"])
        problems.append(f"{where}: expected the sums of the lines {list(found)}, found {list(card.range)}")
    tiers = _tiers_that_exist(card.target)
    for number, one in enumerate(card.raises):
        if one.tier not in tiers:
            where = place(text, file, ["raises", number, "tier"])
            problems.append(f"{where}: expected a tier of {sorted(tiers)}, found {one.tier!r}")
    return problems


def _tiers_that_exist(target: str) -> set[str]:
    from models.screening.lanes import tiers_of

    return set(tiers_of(target).order) - {"unknown", tiers_of(target).default_tier}


def _lint_lines(card: Card, text: str, file: str, known: dict[str, Fact]) -> list[str]:
    problems, seen = [], set()
    for number, line in enumerate(card.lines):
        where = place(text, file, ["lines", number, "fact"])
        complaint = _fact_complaint(line, known)
        if not complaint and line.fact in seen:
            complaint = f"expected each fact once, found {line.fact!r} twice"
        seen.add(line.fact)
        if complaint:
            problems.append(f"{where}: {complaint}")
            continue
        bins_at = place(text, file, ["lines", number, "bins"])
        problems += [f"{bins_at}: {line.fact}: {one}" for one in _bin_complaints(line, known[line.fact])]
        unknown_at = place(text, file, ["lines", number, "unknown"])
        problems += [f"{unknown_at}: {line.fact}: {one}" for one in _unknown_complaints(line)]
    return problems


def _fact_complaint(line: Line, known: dict[str, Fact]) -> str:
    """Why a fact may not be scored, or an empty text."""
    for name, ban in forbidden().items():
        if line.fact == name or name in line.fact.split("_"):
            return f"expected a fact that may be scored, found {line.fact!r}: {ban.zh} ({ban.en})"
    if line.fact not in known:
        return f"expected a fact that exists, found {line.fact!r}"
    fact = known[line.fact]
    if fact.not_in_cards_zh:
        why = f"{fact.not_in_cards_zh} ({fact.not_in_cards_en})"
        return f"expected a fact that may be scored, found {line.fact!r}: {why}"
    if fact.window == "ever":
        return f"expected a fact with a window, found {line.fact!r}, which looks back without end (“ever”)"
    return ""


def _unknown_complaints(line: Line) -> list[str]:
    if not line.lowest < line.unknown < line.highest:
        return [
            f"expected points for “not known” between the best ({line.lowest}) and the worst "
            f"({line.highest}) answer, found {line.unknown}"
        ]
    return []


def _bin_complaints(line: Line, fact: Fact) -> list[str]:
    if fact.kind == "number":
        return _range_complaints(line)
    if line.direction != "codes" and fact.kind == "code":
        return [f"expected direction 'codes' for a {fact.kind}, found {line.direction!r}"]
    if fact.kind == "flag":
        found = sorted(str(one.is_) for one in line.bins)
        complaints = (
            [] if found == ["False", "True"] else ["expected one bin `is = true` and one `is = false`"]
        )
        rising = {one.is_: one.points for one in line.bins}
        if not complaints and _wrong_way(line, [rising[False], rising[True]]):
            complaints.append(f"expected points {line.direction} from false to true")
        return complaints
    given = [code for one in line.bins for code in one.codes or ()]
    complaints = [
        f"expected each code once, found {code!r} twice" for code in set(given) if given.count(code) > 1
    ]
    missing = {label.code for label in fact.labels()} - set(given)
    strange = set(given) - {label.code for label in fact.labels()}
    complaints += [f"expected a bin for {code!r}, found none" for code in sorted(missing)]
    complaints += [f"expected a code of the fact, found {code!r}" for code in sorted(strange)]
    worry = [one.points for one in line.bins if set(one.codes or ()) & set(fact.risky)]
    calm = [one.points for one in line.bins if not set(one.codes or ()) & set(fact.risky)]
    if fact.risk == "codes" and worry and calm and min(worry) < max(calm):
        complaints.append("expected no worrying code to give fewer points than a reassuring one")
    return complaints


def _range_complaints(line: Line) -> list[str]:
    if any(one.codes is not None or one.is_ is not None for one in line.bins):
        return ["expected ranges with from and below for a number"]
    complaints = []
    if line.bins[0].from_ is not None:
        complaints.append(f"expected the first bin without from, found from {line.bins[0].from_}")
    if line.bins[-1].below is not None:
        complaints.append(f"expected the last bin without below, found below {line.bins[-1].below}")
    for one, following in zip(line.bins, line.bins[1:], strict=False):
        if one.below is None or following.from_ is None or one.below != following.from_:
            kind = "an overlap" if _overlap(one, following) else "a gap"
            complaints.append(
                f"expected bins that meet, found {kind}: below {one.below}, then from {following.from_}"
            )
        if one.from_ is not None and one.below is not None and one.from_ >= one.below:
            complaints.append(f"expected from less than below, found {one.from_} and {one.below}")
    if _wrong_way(line, [one.points for one in line.bins]):
        complaints.append(
            f"expected points {line.direction} with the value, found {[b.points for b in line.bins]}"
        )
    return complaints


def _overlap(one: Bin, following: Bin) -> bool:
    if one.below is None or following.from_ is None:
        return True
    return following.from_ < one.below


def _wrong_way(line: Line, points: list[int]) -> bool:
    ordered = sorted(points, reverse=line.direction == "falling")
    return line.direction == "codes" or points != ordered


@cache
def cards() -> dict[str, ReadCard]:
    """The shipped cards by id; FileProblem where a file's name is not its card's id."""
    found = {}
    for path in sorted(FOLDER.glob("*.toml")):
        one = parse(path.read_text("utf-8"), path.name)
        if one.card.id != path.stem:
            raise FileProblem(f"{path.name}: expected id {path.stem!r}, found {one.card.id!r}")
        found[one.card.id] = one
    return found


def read_card(path: Path) -> ReadCard:
    """The card in a file anywhere (a trial, a learned card)."""
    return parse(path.read_text("utf-8"), path.name)


def as_document(text: str) -> dict[str, Any]:
    """The card's plain values, for showing and comparing."""
    return tomllib.loads(text)
