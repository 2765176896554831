"""Finds the heading rows of a sheet and says which heading is which column of which form, and how surely.

Known words are matched exactly (after width, traditional characters and inserted pinyin are set right).  What is
left is matched by likeness, content and neighbours, with a stated certainty; below that the sheet is answered with
the nearest known form and the columns in question.  A wrong guess is worse than a question.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from data_contracts import values
from data_contracts.forms import Form, FormColumn, forms
from data_contracts.headings import column_content, likeness
from data_contracts.headings.column_content import Cells
from data_contracts.headings.heading_words import HeaderRows, column_letter, header_candidates, heading, words
from data_contracts.headings.likeness import Candidate
from data_contracts.headings.likeness_words import by_words, is_about_another, pointed_to, settings

__all__ = [
    "Guess",
    "Match",
    "Nearest",
    "column_letter",
    "heading",
    "kinds_of_content",
    "match",
    "nearest",
    "row_kind",
]

LEAST_SHARE = 0.6  # of a form's headings that must stand in the sheet before the form is considered
_TOTALS = re.compile(r"^(合计|总计|小计|累计)")
EXAMPLE_MARK = "示例行"  # in the first cell of the row that a template shows
_FOOTERS = re.compile(r"^(填表人|制表人|审核人|填报人|负责人|备注[:：]|注[:：]|说明[:：])")
_LONG_NUMBER = re.compile(r"\d{7,}")


class Guess(NamedTuple):
    """A column that was named otherwise than by a listed word: by `likeness`, or by its `content` alone."""

    place: int
    name: str
    heading: str
    certainty: float
    by: str


class Match(NamedTuple):
    """A sheet's form: where its headings stand, which sheet column is which form column.

    `columns` maps a sheet column (from 0) to the form's heading; `missing` are the required headings that were not
    found; `candidates` what the unknown columns may be; `confirmed` whether an officer said so.
    """

    form: Form
    first_row: int
    header_rows: int
    columns: dict[int, FormColumn]
    guessed: list[Guess]
    missing: list[str]
    unknown: list[tuple[int, str]]
    names: list[str]
    candidates: dict[int, list[Candidate]]
    confirmed: bool = False


class Nearest(NamedTuple):
    """The form that a sheet that no form fits is nearest to; `is_alone` where no other form is as near."""

    match: Match
    is_alone: bool


def row_kind(row: Sequence[str]) -> str:
    """`blank`, `total`, `footer`, `example` (a template's, left in) or `data`, by the row's first filled cell."""
    filled = [cell for cell in row if values.clean(cell)]
    if not filled:
        return "blank"
    first = values.simplified(filled[0])
    if _TOTALS.match(first):
        return "total"
    if first == EXAMPLE_MARK:
        return "example"
    return "footer" if _FOOTERS.match(first) else "data"


def _assign(form: Form, header: HeaderRows) -> dict[int, FormColumn]:
    known, taken, found = words(form.id), set(), {}
    for index, name in enumerate(header.names):
        column = known.get(name)
        if column is None or column.heading in taken:
            continue
        above = header.above[index]
        if above and is_about_another(name, above, column):
            continue  # 姓名 below 父亲情况 is not the child's name
        found[index] = column
        taken.add(column.heading)
    return found


def _cells(rows: Sequence[Sequence[str]], kinds: Sequence[str], start: int) -> dict[int, Cells]:
    """The filled cells of each sheet column below the headings, as (text, kind)."""
    cells: dict[int, list[tuple[str, str]]] = {}
    for row, kind in zip(rows[start:], kinds[start:], strict=False):
        if row_kind(row) != "data":
            continue
        for index, text in enumerate(row):
            if not values.is_blank(text):
                cells.setdefault(index, []).append((text, kind[index]))
    return dict(cells)


def _may_be_elsewhere(name: str, column: FormColumn, cells: Cells) -> bool:
    """Whether a heading's words point to another column of any form that its content does not rule out."""
    others = pointed_to(name, column)
    every = (other for form in forms().values() for other in form.columns if other.heading in others)
    return any(column_content.by_content(other, cells) is not None for other in every)


def _by_content(
    form: Form, found: dict[int, FormColumn], header: HeaderRows, cells: dict[int, Cells]
) -> list[Guess]:
    """Name columns by content alone: a code list that one column has, and no words that point elsewhere."""
    taken = {column.heading for column in found.values()}
    open_columns = [
        c for c in form.columns if c.heading not in taken and column_content.is_unique_list(form, c)
    ]
    guessed = []
    for index, name in enumerate(header.names):
        if index in found or not name:
            continue
        fits = [
            (share, column)
            for column in open_columns
            if (share := column_content.fit(column, cells.get(index, ())) or 0.0) >= settings().share("fits")
            and not is_about_another(name, header.above[index], column)
            and not _may_be_elsewhere(name, column, cells.get(index, ()))
        ]
        if len(fits) == 1:
            found[index] = fits[0][1]
            open_columns.remove(fits[0][1])
            guessed.append(Guess(index, name, fits[0][1].heading, fits[0][0], "content"))
    return guessed


def match(rows: Sequence[Sequence[str]], kinds: Sequence[str], title: str) -> Match | None:
    """The best form for a sheet, or None where no form is certain enough.

    `title` is the sheet's name with the words above its headings; it decides between forms of equal headings.
    """
    best: tuple[tuple[float, float, int], Form, HeaderRows] | None = None
    for header in header_candidates(rows):
        filled = sum(1 for name in header.names if name)
        for form in forms().values():
            found = _assign(form, header)
            if len(found) < 2 or len(found) / len(form.columns) < LEAST_SHARE:
                continue
            named = any(heading(word) in title for word in form.titles)
            score = (len(found) / max(filled, len(form.columns)), float(named), -header.height)
            if best is None or score > best[0]:
                best = score, form, header
    if best:
        return _completed(best[1], best[2], rows, kinds)
    near = nearest(rows, kinds, title)
    return near.match if near and near.is_alone and _is_certain(near.match) else None


def _completed(form: Form, header: HeaderRows, rows: Sequence[Sequence[str]], kinds: Sequence[str]) -> Match:
    """A form laid over its headings: listed words, then likeness, then content alone; and what stays unknown."""
    found = _assign(form, header)
    guessed: list[Guess] = []
    ranked: dict[int, list[Candidate]] = {}
    if any(name and index not in found for index, name in enumerate(header.names)):
        cells = _cells(rows, kinds, header.first_row + header.height)
        while True:
            ranked = likeness.rank(form, header.names, header.above, found, cells)
            taken = likeness.sure(ranked)
            guessed += [
                Guess(i, header.names[i], one.column.heading, one.certainty, "likeness")
                for i, one in taken.items()
            ]
            found.update(likeness.as_columns(taken))
            if not taken:
                break
        guessed += _by_content(form, found, header, cells)
    present = {column.heading for column in found.values()}
    missing = [c.heading for c in form.columns if c.required and c.heading not in present]
    unknown = [(i, name) for i, name in enumerate(header.names) if name and i not in found]
    open_only = {
        i: [one for one in ones if one.column.heading not in present]
        for i, ones in ranked.items()
        if i not in found
    }
    return Match(
        form, header.first_row, header.height, found, guessed, missing, unknown, header.names, open_only
    )


def _is_certain(found: Match) -> bool:
    """Whether a whole unknown sheet may be read as its nearest form: enough of its headings, none required away."""
    share = len(found.columns) / len(found.form.columns)
    return not found.missing and share >= settings().share("sheet")


def _may_be_headings(header: HeaderRows, rows: Sequence[Sequence[str]]) -> bool:
    """Whether a row holds words only: a row of children is never taken for headings."""
    cells = [cell for row in rows[header.first_row : header.first_row + header.height] for cell in row]
    return not any(_LONG_NUMBER.search(cell) or values.date(cell).value for cell in cells)


def nearest(rows: Sequence[Sequence[str]], kinds: Sequence[str], title: str = "") -> Nearest | None:
    """The form whose headings a sheet's are likest; None where fewer than two are alike, or two forms are equal.

    Two forms as near as each other are told apart by the title only; then the officer is asked about the first.
    """
    scored: list[tuple[float, bool, int, Form, HeaderRows]] = []
    for header in header_candidates(rows):
        if not _may_be_headings(header, rows):
            continue
        for form in forms().values():
            known = _assign(form, header)
            liked = _liked(form, header, known)
            if len(known) + len(liked) >= 2:
                size = max(len(form.columns), sum(1 for name in header.names if name))
                named = any(heading(word) in title for word in form.titles)
                score = (len(known) + sum(liked.values())) / size
                scored.append((score, named, -header.height, form, header))
    if not scored:
        return None
    scored.sort(key=lambda one: (one[0] + one[1] * settings().share("lead"), one[2]), reverse=True)
    score, named, _, form, header = scored[0]
    rivals = [one[0] for one in scored if one[3] is not form]
    leads = not rivals or score - max(rivals) >= settings().share("lead")
    return Nearest(_completed(form, header, rows, kinds), named or leads)


def kinds_of_content(found: Match, rows: Sequence[Sequence[str]], kinds: Sequence[str]) -> dict[int, str]:
    """What each column of a sheet holds, in the words of `column_content.kind_of`: never a value."""
    cells = _cells(rows, kinds, found.first_row + found.header_rows)
    return {i: column_content.kind_of(cells.get(i, ())) for i, name in enumerate(found.names) if name}


def _liked(form: Form, header: HeaderRows, known: dict[int, FormColumn]) -> dict[str, float]:
    taken = {column.heading for column in known.values()}
    liked: dict[str, float] = {}
    for index, name in enumerate(header.names):
        if index in known or not name:
            continue
        for column in form.columns:
            found = 0.0 if column.heading in taken else by_words(name, header.above[index], column)
            if found > liked.get(column.heading, 0.0):
                liked[column.heading] = found
    return liked
