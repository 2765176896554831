"""One child on the four-colour form, item by item, with what each answer was read from."""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

from dashboard.access import Permission, Reader, require, require_area
from dashboard.snapshot import Snapshot
from dashboard.texts import text
from dashboard.views.form import ask_of, colour_words, level_words, ours, points_words
from dashboard.views.words import NOTHING, clause_words, day, file_number, in_language
from models.facts import facts
from models.screening.four_colour.comparing import TARGETS, Compared, Evidence, evidence
from models.screening.four_colour.form import Item, KnockOut, form
from models.screening.four_colour.scoring import READINGS

ITEM_COLUMNS = ("form.table", "form.item", "form.answer", "form.points_of", "form.read_from")
OUR_COLUMNS = ("form.list", "column.reason", "column.clause", "column.since")


class FormChild(NamedTuple):
    """Both sides of one child."""

    title: str
    facts: dict[str, str]
    ours: pl.DataFrame
    items: pl.DataFrame


def form_child(snapshot: Snapshot, reader: Reader, lang: str, child: Compared) -> FormChild:
    """Both sides of one child; Forbidden without the right to single cases or outside one's areas."""
    require(reader, Permission.VIEW_CHILDREN)
    require_area(reader, child.village_code)
    found = evidence(ask_of(snapshot), child.child_id)
    facts = {text(lang, "form.ours"): ours(lang, child)}
    facts |= {
        text(
            lang, f"form.readings.{one}"
        ): f"{colour_words(lang, child, one)} · {points_words(lang, child, one)}"
        for one in reversed(READINGS)
    }
    return FormChild(
        text(lang, "form.one_child", number=file_number(child.child_id)),
        facts,
        _ours(snapshot, lang, child),
        _items(lang, child, found),
    )


def _ours(snapshot: Snapshot, lang: str, child: Compared) -> pl.DataFrame:
    """Our rules that hold, list by list; the list's place where none does."""
    rows = []
    for target in (one for one in TARGETS if one in child.levels):
        query = "SELECT * FROM reason WHERE target = ? AND child_id = ? AND kind <> 'card' ORDER BY ord"
        found = snapshot.frame(query, target, child.child_id).to_dicts()
        words = text(
            lang,
            "form.on_list",
            list=text(lang, f"target.{target}"),
            level=level_words(lang, child.levels[target]),
        )
        told = [
            (words, in_language(one, "sentence", lang), clause_words(lang, one["clause"]), day(one["since"]))
            for one in found
        ]
        rows += told or [(words, text(lang, "form.no_rule"), NOTHING, NOTHING)]
    return pl.DataFrame(rows, schema=[text(lang, key) for key in OUR_COLUMNS], orient="row")


def _items(lang: str, child: Compared, found: dict[str, Evidence]) -> pl.DataFrame:
    rows = []
    for table in form().tables:
        name = getattr(table, lang)
        for one in form().knock_outs_of(table.id):
            if one.id in child.hits:
                what = text(lang, "form.knocked_out", what=getattr(one, lang))
                rows.append((name, what, text(lang, "form.hit"), NOTHING, _source(lang, one, found)))
        for item in form().of_table(table.id):
            points = child.answers[item.id]
            given = next((one for one in item.answers if one.points == points), None)
            answer = getattr(given, lang) if given else text(lang, "form.blank")
            of = f"{NOTHING if points is None else points} / {item.best}"
            rows.append((name, getattr(item, lang), answer, of, _source(lang, item, found)))
    return pl.DataFrame(rows, schema=[text(lang, key) for key in ITEM_COLUMNS], orient="row")


def _source(lang: str, part: Item | KnockOut, found: dict[str, Evidence]) -> str:
    """The recorded facts behind an answer with their days, or why nothing recorded can answer."""
    if not part.facts():
        return str(getattr(part, f"not_recorded_{lang}"))
    told = [name for name in part.facts() if name in found]
    if not told:
        return text(lang, "form.left_blank")
    return text(lang, "form.between").join(_fact(lang, name, found[name]) for name in told)


def _fact(lang: str, name: str, where: Evidence) -> str:
    """A fact with its day; an age is told without, because its day is somebody's birth date."""
    fact = facts()[name]
    words = str(getattr(fact, lang))
    return words if fact.unit == "years" else text(lang, "form.source", fact=words, since=day(where.since))
