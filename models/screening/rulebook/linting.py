"""What no card may do: gaps, overlaps, two directions, blanks that count as answers, facts that nobody may score.

Each complaint names file and line; a card is read to its end, so that its author sees everything at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise
from pathlib import Path

from models.complaints import Complaint
from models.facts import Fact
from models.screening.rulebook.card_parts import Bin, Card, Line
from models.strict_toml import Chinese, English, Strict, complaint, read

# A duty may follow from these (special care, relief that is due); a card may score none of them.
MAY_SET_A_DUTY = frozenset({"disability", "disability_degree", "relief_status"})
FORBIDDEN = Path(__file__).parent / "forbidden.toml"
# (path inside the line, code of the complaint, details)
Found = tuple[tuple[str | int, ...], str, Mapping[str, object]]


class ForbiddenFact(Strict):
    """Something that no card may score, and why."""

    name: str
    zh: Chinese
    en: English


class _Forbidden(Strict):
    forbidden: tuple[ForbiddenFact, ...]


@cache
def forbidden() -> dict[str, ForbiddenFact]:
    """What no card may score: names (also as part of a fact's name) with the reason."""
    listed = read(FORBIDDEN.read_text("utf-8"), _Forbidden, FORBIDDEN.name)
    return {one.name: one for one in listed.forbidden}


def ban_on(fact: str) -> ForbiddenFact | None:
    """Why a fact of that name is scored by nobody, or None."""
    words = set(fact.split("_"))
    return next((ban for name, ban in forbidden().items() if fact == name or name in words), None)


def barred_from_cards(fact: Fact) -> tuple[str, Mapping[str, object]] | None:
    """(code of the complaint, details) where no card may score a fact that exists, or None."""
    told: Mapping[str, object] = {"fact": fact.name}
    if ban := ban_on(fact.name):
        return "forbidden_fact", {**told, "why_zh": ban.zh, "why_en": ban.en}
    if fact.not_in_cards_zh:
        return "forbidden_fact", {**told, "why_zh": fact.not_in_cards_zh, "why_en": fact.not_in_cards_en}
    if fact.window == "ever":
        return "endless_fact", told
    return ("copied_fact", told) if fact.copied and not (fact.copied_zh and fact.copied_en) else None


def ban_from_rules(fact: str) -> ForbiddenFact | None:
    """Why no rule may look at a fact, or None; a duty may follow from some facts that a card may not score."""
    return None if fact in MAY_SET_A_DUTY else ban_on(fact)


def card_complaints(
    card: Card, text: str, file: str, known: Mapping[str, Fact], tiers: Mapping[str, int]
) -> list[Complaint]:
    """Everything that is wrong with a card whose parts are all there; `tiers` that it may raise to."""
    found: list[Found] = []
    seen: set[str] = set()
    for number, line in enumerate(card.lines):
        wrong = list(_fact_wrong(line, known, seen))
        seen.add(line.fact)
        wrong = wrong or [*_bins_wrong(line, known[line.fact]), *_unknown_wrong(line)]
        found += [(("lines", number, *path), code, details) for path, code, details in wrong]
    found += _sums_wrong(card)
    found += _raises_wrong(card, tiers)
    return [complaint(text, file, path, code, **details) for path, code, details in found]


def _fact_wrong(line: Line, known: Mapping[str, Fact], seen: set[str]) -> Iterator[Found]:
    if refused := why_never_scored(line.fact, known):
        yield ("fact",), *refused
    elif line.fact in seen:
        yield ("fact",), "fact_twice", {"fact": line.fact}


def why_never_scored(name: str, known: Mapping[str, Fact]) -> tuple[str, Mapping[str, object]] | None:
    """Why no card, an expert's or a learned one, may score that fact: (code of the complaint, details), or None."""
    fact, ban = known.get(name), ban_on(name)
    if fact is not None:
        return barred_from_cards(fact)
    told = {"fact": name} | ({"why_zh": ban.zh, "why_en": ban.en} if ban else {})
    return "forbidden_fact" if ban else "strange_fact", told


def _unknown_wrong(line: Line) -> Iterator[Found]:
    if not line.lowest < line.unknown < line.highest:
        bounds = {"lowest": line.lowest, "highest": line.highest, "found": line.unknown}
        yield ("unknown",), "unknown_between", bounds


def _bins_wrong(line: Line, fact: Fact) -> Iterator[Found]:
    wanted = {"number": "range", "flag": "is", "code": "codes"}[fact.kind]
    shown = {"range": "from / below", "is": "is", "codes": "codes"}
    strange = [at for at, one in enumerate(line.bins) if one.kinds - {wanted}]
    for at in strange:
        found = ", ".join(sorted(shown[kind] for kind in line.bins[at].kinds))
        yield ("bins", at), "bin_kind", {"fact": fact.name, "wanted": shown[wanted], "found": found}
    if not strange:
        yield from _direction_wrong(line, fact)
        yield from {"number": _ranges_wrong, "flag": _flag_wrong, "code": _codes_wrong}[fact.kind](line, fact)


def _direction_wrong(line: Line, fact: Fact) -> Iterator[Found]:
    wanted = {"higher": "rising", "lower": "falling"}.get(fact.risk, line.direction)
    if fact.kind == "code" and line.direction != "codes":
        yield ("direction",), "direction_of_codes", {"found": line.direction}
    elif fact.kind != "code" and line.direction == "codes":
        yield ("direction",), "direction_of_numbers", {"found": line.direction}
    elif fact.kind != "code" and line.direction != wanted:
        yield ("direction",), "against_worry", {"wanted": wanted, "found": line.direction}


def _flag_wrong(line: Line, fact: Fact) -> Iterator[Found]:
    given = sorted(str(one.is_).lower() for one in line.bins)
    if given != ["false", "true"]:
        yield ("bins",), "two_answers", {"found": ", ".join(given)}
        return
    points = {one.is_: one.points for one in line.bins}
    yield from _order_wrong(line, [points[False], points[True]])


def _codes_wrong(line: Line, fact: Fact) -> Iterator[Found]:
    given = [(at, code) for at, one in enumerate(line.bins) for code in one.codes or ()]
    known, seen = [label.code for label in fact.labels()], set[str]()
    for at, code in given:
        if code in seen:
            yield ("bins", at), "code_twice", {"code": code}
        if code not in known:
            yield ("bins", at), "strange_code", {"code": code}
        seen.add(code)
    for code in known:
        if code not in seen:
            yield ("bins",), "bin_missing", {"code": code}
    risky = set(fact.risky) if fact.risk == "codes" else set()
    worry = [one.points for one in line.bins if set(one.codes or ()) & risky]
    calm = [one.points for one in line.bins if set(one.codes or ()) - risky]
    if worry and calm and min(worry) < max(calm):
        yield ("bins",), "worry_counts_less", {"worry": min(worry), "calm": max(calm)}


def _ranges_wrong(line: Line, fact: Fact) -> Iterator[Found]:
    first, last = line.bins[0], line.bins[-1]
    if first.from_ is not None:
        yield ("bins", 0), "first_bin", {"found": first.from_}
    if last.below is not None:
        yield ("bins", len(line.bins) - 1), "last_bin", {"found": last.below}
    for at, (one, following) in enumerate(pairwise(line.bins), start=1):
        if one.below is None or following.from_ is None or one.below != following.from_:
            code = "overlap" if _overlap(one, following) else "gap"
            yield ("bins", at), code, {"below": one.below, "start": following.from_}
    for at, one in enumerate(line.bins):
        if one.from_ is not None and one.below is not None and one.from_ >= one.below:
            yield ("bins", at), "empty_bin", {"start": one.from_, "below": one.below}
    yield from _order_wrong(line, [one.points for one in line.bins])


def _overlap(one: Bin, following: Bin) -> bool:
    if one.below is None or following.from_ is None:
        return True
    return following.from_ < one.below


def _order_wrong(line: Line, points: list[int]) -> Iterator[Found]:
    if line.direction != "codes" and points != sorted(points, reverse=line.direction == "falling"):
        yield ("bins",), "wrong_way", {"direction": line.direction, "found": points}


def _sums_wrong(card: Card) -> Iterator[Found]:
    sums = [sum(line.lowest for line in card.lines), sum(line.highest for line in card.lines)]
    if list(card.range) != sums:
        yield ("range",), "range_sum", {"sums": sums, "found": list(card.range)}


def _raises_wrong(card: Card, tiers: Mapping[str, int]) -> Iterator[Found]:
    lowest, highest = card.range
    for number, one in enumerate(card.raises):
        if one.tier not in tiers:
            yield ("raises", number, "tier"), "strange_tier", {"tiers": sorted(tiers), "found": one.tier}
        if not lowest < one.at_least <= highest:
            bounds = {"lowest": lowest, "highest": highest, "found": one.at_least}
            yield ("raises", number, "at_least"), "never_reached", bounds
