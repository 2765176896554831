"""How surely an unknown heading is a known column: by its words, its content and its neighbours.

Words come first, and without them only a code list that one column of the form has names a column.  Content and
neighbours add to the certainty, and content alone can end it:

    certainty = 1 − (1 − words) × (1 − content) × (1 − neighbours)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from data_contracts.forms import Form, FormColumn
from data_contracts.headings.column_content import Cells, by_content
from data_contracts.headings.likeness_words import by_words, is_about_another, settings


class Candidate(NamedTuple):
    """A column that a heading may be, how surely, and what spoke for it (each from 0 to 1)."""

    column: FormColumn
    certainty: float
    words: float
    content: float
    neighbours: float


def by_neighbours(
    form: Form, names: Sequence[str], found: dict[int, FormColumn], index: int
) -> dict[str, float]:
    """What a sheet column's place between known neighbours says: form heading → 0 to 1."""
    order = {column.heading: place for place, column in enumerate(form.columns)}
    left = max((i for i in found if i < index), default=-1)
    right = min((i for i in found if i > index), default=len(names))
    low = order[found[left].heading] if left >= 0 else -1
    high = order[found[right].heading] if right < len(names) else len(form.columns)
    taken = {column.heading for column in found.values()}
    open_columns = [c.heading for c in form.columns[low + 1 : high] if c.heading not in taken]
    unknown = [i for i in range(left + 1, right) if names[i]]
    if len(open_columns) == len(unknown):
        return {open_columns[unknown.index(index)]: 1.0}
    return {heading: 0.5 / len(open_columns) for heading in open_columns}


def rank(
    form: Form,
    names: Sequence[str],
    above: Sequence[str],
    found: dict[int, FormColumn],
    cells: dict[int, Cells],
) -> dict[int, list[Candidate]]:
    """For every sheet column that is not known: the form's open columns that it may be, surest first."""
    taken = {column.heading for column in found.values()}
    ranked = {}
    for index, name in enumerate(names):
        if index in found or not name:
            continue
        around = by_neighbours(form, names, found, index)
        candidates = []
        for column in form.columns:
            if column.heading in taken or is_about_another(name, above[index], column):
                continue
            content = by_content(column, cells.get(index, ()))
            if content is None:
                continue
            liked = by_words(name, above[index], column)
            beside = around.get(column.heading, 0.0) * settings().share("neighbours")
            certainty = 1 - (1 - liked) * (1 - content) * (1 - beside)
            candidates.append(Candidate(column, certainty, liked, content, beside))
        ranked[index] = sorted(candidates, key=lambda one: -one.certainty)
    return ranked


def sure(ranked: dict[int, list[Candidate]], least: float | None = None) -> dict[int, Candidate]:
    """The candidates that are certain enough: no other heading claims the column, and the words speak for it."""
    least = settings().share("least") if least is None else least
    best = {index: found[0] for index, found in ranked.items() if found and found[0].words > 0}
    claimed = Counter(one.column.heading for one in best.values() if one.certainty >= least)
    return {
        index: one
        for index, one in best.items()
        if one.certainty >= least and claimed[one.column.heading] == 1
    }


def as_columns(found: dict[int, Candidate]) -> dict[int, FormColumn]:
    """Only the columns."""
    return {index: one.column for index, one in found.items()}
