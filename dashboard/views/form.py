"""The four-colour form beside the lists: how many of which colour stand in which tier, and where the two differ.

It compares two ways of working and is no list to work from: children stand under file numbers and names are never
shown here, because no score or colour may stand beside a name (不得标签化).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import polars as pl

from dashboard.access import Permission, Reader, covers_area, require
from dashboard.snapshot import Snapshot
from dashboard.texts import text
from dashboard.views.scope import Scope, chosen_area, scope_of
from dashboard.views.words import file_number, provenance
from dashboard.views.worklist import reasons_of
from models.screening.four_colour.comparing import (
    KINDS,
    LEVELS,
    TARGETS,
    URGENT,
    Compared,
    compare,
    count_kinds,
    matrix,
    worked_cases,
)
from models.screening.four_colour.form import COLOURS, Item, filled_cases, form
from models.screening.four_colour.scoring import READINGS

ANY, ALL = "", "all"
FIRST_READING, FIRST_KIND = "high", "hidden"
ANSWERS_SHOWN = 3
LIST_COLUMNS = (
    "column.file_number",
    "column.unit",
    "form.ours",
    "form.our_reasons",
    "form.colour",
    "form.points",
)
CASE_COLUMNS = ("form.case", "form.points", "form.worded", "form.coded", "form.shouhu")


class Choice(NamedTuple):
    """What the address asks for; kind `all`, an empty level or colour mean all."""

    area: str
    reading: str
    kind: str
    level: str
    colour: str


class FormPage(NamedTuple):
    """The comparison for one reader.  `rows` has the children of the choice, `children` in the same order."""

    title: str
    provenance: str
    summary: str
    chosen: Choice
    choices: dict[str, dict[str, str]]
    readings: pl.DataFrame
    matrix: pl.DataFrame
    rows: pl.DataFrame
    children: list[Compared]
    about_kind: str
    cases: pl.DataFrame


def ask_of(snapshot: Snapshot) -> Callable[[str], Iterable[Mapping[str, Any]]]:
    """How the models ask the open build."""
    return lambda sql: snapshot.frame(sql).to_dicts()


def form_page(snapshot: Snapshot, reader: Reader, lang: str, wanted: Mapping[str, str | None]) -> FormPage:
    """The comparison as the reader may see it; Forbidden without the right to single cases or outside one's areas."""
    require(reader, Permission.VIEW_CHILDREN)
    scope = scope_of(snapshot, reader)
    chosen = _chosen(chosen_area(scope, reader, wanted.get("area")), wanted)
    everyone = [
        child
        for child in compare(ask_of(snapshot))
        if covers_area(reader, child.village_code) and child.village_code.startswith(chosen.area)
    ]
    children = [child for child in everyone if _fits(child, chosen)]
    return FormPage(
        text(lang, "form.title"),
        provenance(lang, snapshot.build),
        _summary(lang, everyone),
        chosen,
        _choices(lang, scope),
        _readings(lang, everyone),
        _matrix(lang, everyone, chosen.reading),
        _rows(snapshot, lang, scope, children, chosen.reading),
        children,
        text(lang, f"form.about.{chosen.kind}"),
        _cases(snapshot, lang),
    )


def cell_of(lang: str, row: int, column: str) -> dict[str, str]:
    """What the address must ask for to open a cell of the matrix: its level and, beside the total, its colour."""
    colours = {text(lang, f"form.colours.{colour}"): colour for colour in COLOURS}
    return {"kind": ALL, "level": LEVELS[row], "colour": colours.get(column, ANY)}


def _chosen(area: str, wanted: Mapping[str, str | None]) -> Choice:
    def known(name: str, values: Sequence[str], otherwise: str) -> str:
        value = wanted.get(name) or otherwise
        return value if value in values else otherwise

    return Choice(
        area,
        known("reading", READINGS, FIRST_READING),
        known("kind", (*KINDS, ALL), FIRST_KIND),
        known("level", LEVELS, ANY),
        known("colour", COLOURS, ANY),
    )


def _fits(child: Compared, chosen: Choice) -> bool:
    return (
        (chosen.kind == ALL or chosen.kind in child.differs(chosen.reading))
        and chosen.level in (ANY, child.level)
        and chosen.colour in (ANY, child.colours[chosen.reading])
    )


def _choices(lang: str, scope: Scope) -> dict[str, dict[str, str]]:
    every = {ANY: text(lang, "choice.all")}
    return {
        "area": scope.choices(),
        "reading": {one: text(lang, f"form.readings.{one}") for one in reversed(READINGS)},
        "kind": {one: text(lang, f"form.kinds.{one}") for one in (*KINDS, ALL)},
        "level": every | {one: level_words(lang, one) for one in LEVELS},
        "colour": every | {one: text(lang, f"form.colours.{one}") for one in COLOURS},
    }


def level_words(lang: str, level: str) -> str:
    """Where a child stands on the more urgent of the two lists."""
    return text(lang, f"form.levels.{level}")


def _summary(lang: str, children: Sequence[Compared]) -> str:
    urgent = [child for child in children if child.level in URGENT]
    return text(
        lang,
        "form.summary",
        n=len(children),
        urgent=len(urgent),
        hidden=count_kinds(children, FIRST_READING)["hidden"],
        blanks=f"{sum(child.n_blank for child in children) / len(children):.0f}" if children else 0,
        items=len(form().items),
    )


def _readings(lang: str, children: Sequence[Compared]) -> pl.DataFrame:
    """One row per way of reading blanks: the colours, and in how many children the form fails how."""
    colours = [text(lang, f"form.colours.{colour}") for colour in COLOURS]
    kinds = [text(lang, f"form.kinds.{kind}") for kind in KINDS]
    rows = []
    for reading in reversed(READINGS):
        table = matrix(children, reading)
        counts = count_kinds(children, reading)
        rows.append(
            (
                text(lang, f"form.readings.{reading}"),
                *(sum(table[level][colour] for level in LEVELS) for colour in COLOURS),
                *(counts[kind] for kind in KINDS),
            )
        )
    schema = {text(lang, "form.reading"): pl.String, **dict.fromkeys([*colours, *kinds], pl.Int64)}
    return pl.DataFrame(rows if children else [], schema=schema, orient="row")


def _matrix(lang: str, children: Sequence[Compared], reading: str) -> pl.DataFrame:
    counted = matrix(children, reading)
    rows = [
        (
            level_words(lang, level),
            *(counted[level][colour] for colour in COLOURS),
            sum(counted[level].values()),
        )
        for level in LEVELS
    ]
    numbers = [*(text(lang, f"form.colours.{colour}") for colour in COLOURS), text(lang, "form.total")]
    schema = {text(lang, "form.ours"): pl.String, **dict.fromkeys(numbers, pl.Int64)}
    return pl.DataFrame(rows if children else [], schema=schema, orient="row")


def _rows(
    snapshot: Snapshot, lang: str, scope: Scope, children: Sequence[Compared], reading: str
) -> pl.DataFrame:
    sentences = {target: reasons_of(snapshot, target, lang)[0] for target in TARGETS}
    names = (*LIST_COLUMNS, "form.form_reasons", "form.n_blank")
    schema = {text(lang, name): pl.Int64 if name == "form.n_blank" else pl.String for name in names}
    rows = [
        (
            file_number(child.child_id),
            scope.name(child.village_code),
            ours(lang, child),
            sentences[deciding(child)].get(child.child_id, ""),
            colour_words(lang, child, reading),
            points_words(lang, child, reading),
            form_reasons(lang, child),
            child.n_blank,
        )
        for child in children
    ]
    return pl.DataFrame(rows, schema=schema, orient="row")


def deciding(child: Compared) -> str:
    """The list on which the child is more urgent; the visit list where both say the same."""
    return min(child.levels, key=lambda target: LEVELS.index(child.levels[target]), default=TARGETS[0])


def ours(lang: str, child: Compared) -> str:
    """Our level, and which of the lists says so."""
    return f"{level_words(lang, child.level)} · {text(lang, f'target.{deciding(child)}')}"


def colour_words(lang: str, child: Compared, reading: str) -> str:
    """The form's colour as worded, and what the app's code shows where that is another."""
    worded, coded = child.colours[reading], child.coded[reading]
    words = text(lang, f"form.colours.{worded}")
    if worded == coded:
        return words
    shown = text(lang, f"form.colours.{coded}") if coded else text(lang, "form.no_branch")
    return text(lang, "form.shown_as", worded=words, coded=shown)


def points_words(lang: str, child: Compared, reading: str) -> str:
    """The points of each table; a table that a knock-out made red says so."""
    out = {one.table for one in form().knock_outs if one.id in child.hits}
    parts = []
    for table in form().tables:
        mark = text(lang, "form.out") if table.id in out else ""
        parts.append(f"{getattr(table, lang)} {child.tables[reading][table.id].points}{mark}")
    return " · ".join(parts)


def form_reasons(lang: str, child: Compared) -> str:
    """Why the form says what it says: knock-outs, then the answers that cost most; blanks are counted apart."""
    hits = [
        text(lang, "form.knocked_out", what=getattr(one, lang))
        for one in form().knock_outs
        if one.id in child.hits
    ]
    lost = sorted(
        (
            item
            for item in form().items
            if (child.answers[item.id] or 0) < item.best and _is_known(child, item)
        ),
        key=lambda item: (child.answers[item.id] or 0) - item.best,
    )
    told = [answer_words(lang, item, child.answers[item.id]) for item in lost[:ANSWERS_SHOWN]]
    return text(lang, "form.between").join(hits + told) or text(lang, "form.nothing_lost")


def _is_known(child: Compared, item: Item) -> bool:
    return child.answers[item.id] is not None


def answer_words(lang: str, item: Item, points: int | None) -> str:
    """An item with its answer and points, of how many."""
    given = next((one for one in item.answers if one.points == points), None)
    answer = getattr(given, lang) if given else text(lang, "form.blank")
    return text(
        lang, "form.answered", item=getattr(item, lang), answer=answer, points=points or 0, best=item.best
    )


def _cases(snapshot: Snapshot, lang: str) -> pl.DataFrame:
    """The form's failing cases, scored by the same SQL, beside what the rules say."""
    scored = worked_cases(ask_of(snapshot))
    rows = []
    for case in filled_cases():
        found = scored[case.id]
        coded = found.coded["filled"]
        rows.append(
            (
                getattr(case, lang),
                points_words(lang, found, "filled"),
                text(lang, f"form.colours.{found.colours['filled']}"),
                text(lang, f"form.colours.{coded}") if coded else text(lang, "form.no_branch"),
                getattr(case, f"shouhu_{lang}"),
            )
        )
    return pl.DataFrame(rows, schema=[text(lang, key) for key in CASE_COLUMNS], orient="row")
