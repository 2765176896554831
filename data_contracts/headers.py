"""Finds the heading rows of a sheet and says which heading is which column of which form, and how surely.

Known words are matched exactly (after width, traditional characters and inserted pinyin are set right).  What is
left is matched by its content, with a stated certainty; below that the sheet is answered with the nearest known
form and the columns in question.  A wrong guess is worse than a question.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from data_contracts import values
from data_contracts.contract import contracts
from data_contracts.forms import Form, FormColumn, forms

SEARCHED_ROWS = 15
LEAST_SHARE = 0.6  # of a form's headings that must stand in the sheet before the form is considered
LEAST_CERTAINTY = 0.9  # of a column's filled cells that must fit before its content names it
LEAST_CELLS = 3
_PINYIN = re.compile(r"\([a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜüńňǹḿ\s'’]+\)", re.IGNORECASE)
_TOTALS = re.compile(r"^(合计|总计|小计|累计)")
_FOOTERS = re.compile(r"^(填表人|制表人|审核人|填报人|负责人|备注[:：]|注[:：]|说明[:：])")


class Match(NamedTuple):
    """A sheet's form: where its headings stand, which sheet column is which form column.

    `columns` maps a sheet column (from 0) to the form's heading; `guessed` lists (sheet heading, form heading,
    certainty) of columns named by their content; `missing` the required headings that were not found.
    """

    form: Form
    first_row: int
    header_rows: int
    columns: dict[int, FormColumn]
    guessed: list[tuple[int, str, str, float]]
    missing: list[str]
    unknown: list[tuple[int, str]]


@lru_cache(maxsize=20_000)
def heading(text: str) -> str:
    """A heading's plain words: width, line breaks, pinyin, marks and traditional characters set right."""
    folded = _PINYIN.sub("", unicodedata.normalize("NFKC", text))
    folded = re.sub(r"[\s*:：]", "", folded)
    return values.simplified(folded)


@cache
def _synonyms() -> dict[str, tuple[str, ...]]:
    text = (Path(__file__).parent / "headings.toml").read_text("utf-8")
    return {heading(word): tuple(map(heading, also)) for word, also in tomllib.loads(text)["also"].items()}


@cache
def _words(form_id: str) -> dict[str, FormColumn]:
    words: dict[str, FormColumn] = {}
    columns = forms()[form_id].columns
    for column in columns:
        words[heading(column.heading)] = column
    for column in columns:
        for word in (*map(heading, column.also), *_synonyms().get(heading(column.heading), ())):
            words.setdefault(word, column)
    return words


def row_kind(row: Sequence[str]) -> str:
    """`blank`, `total`, `footer` or `data`, by the row's first filled cell."""
    filled = [cell for cell in row if values.clean(cell)]
    if not filled:
        return "blank"
    first = values.simplified(filled[0])
    if _TOTALS.match(first):
        return "total"
    return "footer" if _FOOTERS.match(first) else "data"


def _header_candidates(rows: Sequence[Sequence[str]]) -> Iterator[tuple[int, int, list[str]]]:
    for index, row in enumerate(rows[:SEARCHED_ROWS]):
        if sum(1 for cell in row if values.clean(cell)) < 2:
            continue
        yield index, 1, [heading(cell) for cell in row]
        if index + 1 < len(rows):
            below = rows[index + 1]
            yield index, 2, [heading(low) or heading(high) for high, low in zip(row, below, strict=True)]


def _assign(form: Form, names: Sequence[str]) -> dict[int, FormColumn]:
    words, taken, found = _words(form.id), set(), {}
    for index, name in enumerate(names):
        column = words.get(name)
        if column and column.heading not in taken:
            found[index] = column
            taken.add(column.heading)
    return found


def _fits(column: FormColumn, cells: Sequence[tuple[str, str]]) -> float:
    table, _, name = column.target
    if table in ("", "carer") or (table == "worker" and name == "name"):
        return 0.0
    contract_column = contracts()[table].column(name)
    if contract_column.vocabulary is None:
        return 0.0
    typed = [values.typed(contract_column, text, kind) for text, kind in cells]
    return sum(1 for value in typed if value.value is not None) / len(typed)


def _by_content(
    form: Form,
    found: dict[int, FormColumn],
    names: Sequence[str],
    body: Sequence[tuple[Sequence[str], str]],
) -> list[tuple[int, str, str, float]]:
    """Name still unnamed columns by their content: only a code list is distinctive enough."""
    taken = {column.heading for column in found.values()}
    open_columns = [column for column in form.columns if column.writes and column.heading not in taken]
    guessed = []
    for index, name in enumerate(names):
        if index in found or not name:
            continue
        cells = [(row[index], kinds[index]) for row, kinds in body if not values.is_blank(row[index])]
        if len(cells) < LEAST_CELLS:
            continue
        fits = [
            (share, column) for column in open_columns if (share := _fits(column, cells)) >= LEAST_CERTAINTY
        ]
        if len(fits) == 1:
            found[index] = fits[0][1]
            open_columns.remove(fits[0][1])
            guessed.append((index, name, fits[0][1].heading, fits[0][0]))
    return guessed


def match(rows: Sequence[Sequence[str]], kinds: Sequence[str], title: str) -> Match | None:
    """The best form for a sheet, or None where no form shares enough headings with it.

    `title` is the sheet's name with the words above its headings; it decides between forms of equal headings.
    """
    best: tuple[tuple[float, float, int], Match] | None = None
    for index, height, names in _header_candidates(rows):
        filled = sum(1 for name in names if name)
        for form in forms().values():
            found = _assign(form, names)
            share = len(found) / len(form.columns)
            if len(found) < 2 or share < LEAST_SHARE:
                continue
            named = any(heading(word) in title for word in form.titles)
            score = (len(found) / max(filled, len(form.columns)), float(named), -height)
            if best is None or score > best[0]:
                best = score, Match(form, index, height, found, [], [], [])
                names_of_best = names
    if best is None:
        return None
    chosen = best[1]
    start = chosen.first_row + chosen.header_rows
    body = [(row, kinds[start + i]) for i, row in enumerate(rows[start:]) if row_kind(row) == "data"]
    guessed = _by_content(chosen.form, chosen.columns, names_of_best, body)
    present = {column.heading for column in chosen.columns.values()}
    missing = [c.heading for c in chosen.form.columns if c.required and c.heading not in present]
    unknown = [(i, name) for i, name in enumerate(names_of_best) if name and i not in chosen.columns]
    return chosen._replace(guessed=guessed, missing=missing, unknown=unknown)


def nearest(rows: Sequence[Sequence[str]]) -> tuple[Form, list[str]] | None:
    """The form that shares most headings with a sheet that no form fits, and the headings it lacks."""
    best: tuple[int, Form, list[str]] | None = None
    for _, _, names in _header_candidates(rows):
        for form in forms().values():
            found = {column.heading for column in _assign(form, names).values()}
            if found and (best is None or len(found) > best[0]):
                lacking = [c.heading for c in form.columns if c.required and c.heading not in found]
                best = len(found), form, lacking
    return (best[1], best[2]) if best and best[0] >= 2 else None


def column_letter(index: int) -> str:
    """A column as spreadsheets name it: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
