"""Everything that is known of a child on the day of the build, fact by fact, and what is not known."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from dashboard.snapshot import Snapshot
from dashboard.texts import text
from models.facts import FRACTION_UNITS, Fact, families
from models.parameters import value_on

# The families of facts in the order in which a reader asks.
ORDER = (
    *("situation", "carer", "parents", "home", "schooling", "health"),
    *("mind", "safety", "concerns", "visits"),
)
COLUMNS = ("known.area", "known.what", "column.since", "column.record", "known.counts")
_HOLDS = {"flag": "flag", "number": "number", "code": "code"}


def everything_known(snapshot: Snapshot, lang: str, child: str) -> pl.DataFrame:
    """One row per fact, known ones of an area first; columns: area, sentence, since, record, until when it counts."""
    rows = []
    if snapshot.has("fact"):
        query = "SELECT fact, known, number, code, flag, since, record FROM fact WHERE child_id = ?"
        found = {row["fact"]: row for row in snapshot.frame(query, child).to_dicts()}
        rows = _rows(found, lang, snapshot.build.as_of) if found else []
    kinds = (pl.String, pl.String, pl.Date, pl.String, pl.String)
    return pl.DataFrame(
        rows, {text(lang, key): kind for key, kind in zip(COLUMNS, kinds, strict=True)}, orient="row"
    )


def _rows(found: dict[str, dict[str, Any]], lang: str, day: date) -> list[tuple[Any, ...]]:
    rows = []
    for family in sorted(families(), key=lambda one: ORDER.index(one.name)):
        told = [(fact, found.get(fact.name)) for fact in family.head.facts]
        for fact, row in sorted(told, key=lambda pair: not (pair[1] and pair[1]["known"])):
            known = row if row and row["known"] else None
            # The day of an age is somebody's birth date.
            since = known["since"] if known and fact.unit != "years" else None
            record = known["record"] if known else None
            words = fact_words(fact, known[_HOLDS[fact.kind]] if known else None, since, lang)
            rows.append((getattr(family.head, lang), words, since, record, _counts(fact, lang, day)))
    return rows


def _counts(fact: Fact, lang: str, day: date) -> str:
    """Until when an answer counts, or why it never grows old."""
    if fact.stale_after_days:
        return text(lang, "known.counts_days", n=value_on(fact.stale_after_days, day))
    if fact.window not in ("now", "ever"):
        return text(lang, "known.window", n=value_on(fact.window, day))
    return str(getattr(fact, f"never_stale_{lang}"))


def fact_words(fact: Fact, value: Any, since: date | None, lang: str) -> str:
    """A fact in its own sentence; `label: value` where the sentence has no day to name or nothing to report."""
    label = getattr(fact, lang)
    if value is None:
        return text(
            lang, "known.not_known_or_old" if fact.stale_after_days else "known.not_known", fact=label
        )
    shown = _value(fact, value, lang)
    sentence = str(getattr(fact, f"sentence_{lang}"))
    lacks_day = since is None and "{date}" in sentence
    is_nothing = value is False or (value == "none" and bool(fact.none_zh))
    if lacks_day or is_nothing:
        return text(lang, "known.plain", fact=label, value=shown)
    return sentence.replace("{date}", f"{since}").replace("{value}", shown).replace("{number}", shown)


def _value(fact: Fact, value: Any, lang: str) -> str:
    if fact.kind == "flag":
        return text(lang, "known.yes" if value else "known.no")
    if fact.kind == "code":
        return next((getattr(one, lang) for one in fact.labels() if one.code == value), str(value))
    return f"{value:.1f}" if fact.unit in FRACTION_UNITS else f"{value:.0f}"
