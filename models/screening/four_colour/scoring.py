"""The form's points and colours as SQL: for children as recorded, and for filled forms.

A blank is read in three ways.  `filled` counts it as nothing, as the form does; `low` gives it the worst answer, `high`
the best: between the two lies what the form could say if somebody filled it in.  A child's colour is the most urgent of
its tables', which is the reading that is kindest to the form.

`answers` relations have child_id, one column `answer_<item>` (points, null where blank) and one `hit_<knock-out>` each.
Scores have child_id, those columns, per table `blanks_<table>`, `is_out_<table>`, and per reading `points_<table>_<r>`,
`colour_<table>_<r>` (as worded), `coded_<table>_<r>` (as the app codes it; null where no branch fits), and over all
tables `colour_<r>` and `coded_<r>`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from models.facts import facts
from models.screening.four_colour.form import COLOURS, FilledCase, Form, Item, KnockOut
from models.screening.sentences import quoted
from models.sql import Query, parse

READINGS = ("filled", "low", "high")
_IN_BLANK: dict[str, Callable[[Item], int]] = {
    "filled": lambda _: 0,
    "low": lambda item: item.worst,
    "high": lambda item: item.best,
}
_HOLDS = {"flag": "flag", "number": "number", "code": "code"}


def recorded_sql(form: Form, names: Sequence[str] | None = None) -> str:
    """One row per screened child with what the form reads: `<fact>`, `<fact>__since`, `<fact>__record`."""
    columns = ["f.child_id"]
    for name in form.facts() if names is None else names:
        for suffix, column in (
            ("", _HOLDS[facts()[name].kind]),
            ("__since", "since"),
            ("__record", "record"),
        ):
            one = f"CASE WHEN f.fact = '{name}' AND f.known THEN f.{column} END"
            columns.append(f"MAX({one}) AS {name}{suffix}")
    return f"SELECT {', '.join(columns)} FROM fact AS f GROUP BY f.child_id"


def answers_sql(form: Form) -> str:
    """The answers that the records give, one row per screened child."""
    columns = [f"{_answer(item)} AS answer_{item.id}" for item in form.items]
    columns += [f"{_hit(one)} AS hit_{one.id}" for one in form.knock_outs]
    return f"SELECT w.child_id, {', '.join(columns)} FROM ({recorded_sql(form)}) AS w"


def _answer(item: Item) -> str:
    """The points of an item as recorded: of the answers that hold, the one with the fewest; null for a blank."""
    cases = [
        f"WHEN {_any(one.sql() for one in answer.when)} THEN {answer.points}"
        for answer in reversed(item.answers)
        if answer.when
    ]
    return f"CASE {' '.join(cases)} END" if cases else "CAST(NULL AS BIGINT)"


def _hit(one: KnockOut) -> str:
    return f"COALESCE({_any(when.sql() for when in one.when)}, FALSE)" if one.when else "FALSE"


def _any(conditions: Iterable[str]) -> str:
    return "(" + " OR ".join(f"({condition})" for condition in conditions) + ")"


def filled_sql(form: Form, cases: Sequence[FilledCase]) -> str:
    """Filled forms as answers; `child_id` is the case's id."""
    return " UNION ALL ".join(_filled(form, case.id, _answers_of(form, case)) for case in cases)


def _answers_of(form: Form, case: FilledCase) -> Mapping[str, int | None]:
    return {
        item.id: None if item.id in case.blank else case.answers.get(item.id, item.best)
        for item in form.items
    }


def _filled(form: Form, name: str, answers: Mapping[str, int | None]) -> str:
    columns = [
        f"CAST({'NULL' if answers[item.id] is None else answers[item.id]} AS BIGINT) AS answer_{item.id}"
        for item in form.items
    ]
    columns += [f"FALSE AS hit_{one.id}" for one in form.knock_outs]
    return f"SELECT {quoted(name)} AS child_id, {', '.join(columns)}"


def scores_sql(form: Form, answers: str) -> str:
    """Points and colours over a relation of answers, given as SQL."""
    given = [f"answer_{item.id}" for item in form.items] + [f"hit_{one.id}" for one in form.knock_outs]
    summed = ", ".join(f"a.{name}" for name in given)
    inner = f"SELECT a.child_id, {summed}, {', '.join(_sums(form))} FROM ({answers}) AS a"
    summed_columns = [name for name, _ in _named_sums(form)]
    colours = list(_colours(form))
    by_table = (
        f"SELECT s.child_id, {', '.join(f's.{name}' for name in [*given, *summed_columns])}, "
        f"{', '.join(f'{sql} AS {name}' for name, sql in colours)} FROM ({inner}) AS s"
    )
    kept = [*given, *summed_columns, *(name for name, _ in colours)]
    return (
        f"SELECT t.child_id, {', '.join(f't.{name}' for name in kept)}, "
        f"{', '.join(_overall(form))} FROM ({by_table}) AS t"
    )


def score_query(form: Form, answers: str) -> Query:
    """The scores as a fenced query, for either engine."""
    return parse(scores_sql(form, answers), "four_colour/form.toml")


def _sums(form: Form) -> list[str]:
    return [f"{sql} AS {name}" for name, sql in _named_sums(form)]


def _named_sums(form: Form) -> Iterator[tuple[str, str]]:
    for table in form.tables:
        items = form.of_table(table.id)
        blanks = " + ".join(f"CASE WHEN a.answer_{item.id} IS NULL THEN 1 ELSE 0 END" for item in items)
        hits = " OR ".join(["FALSE", *(f"a.hit_{one.id}" for one in form.knock_outs_of(table.id))])
        yield f"blanks_{table.id}", blanks
        yield f"is_out_{table.id}", f"({hits})"
        for reading in READINGS:
            in_blank = _IN_BLANK[reading]
            points = " + ".join(f"COALESCE(a.answer_{item.id}, {in_blank(item)})" for item in items)
            yield f"points_{table.id}_{reading}", points


def _colours(form: Form) -> Iterator[tuple[str, str]]:
    worst = quoted(COLOURS[0])
    for table in form.tables:
        for reading in READINGS:
            points, out = f"s.points_{table.id}_{reading}", f"WHEN s.is_out_{table.id} THEN {worst}"
            bands = " ".join(
                f"WHEN {points} < {band.below} THEN {quoted(band.colour)}" for band in form.bands
            )
            branches = " ".join(
                f"WHEN {_fits(points, branch.from_, branch.below)} THEN {quoted(branch.colour)}"
                for branch in form.branches
            )
            yield f"colour_{table.id}_{reading}", f"CASE {out} {bands} END"
            yield f"coded_{table.id}_{reading}", f"CASE {out} {branches} END"


def _fits(points: str, low: int | None, below: int | None) -> str:
    bounds = [f"{points} >= {low}"] * (low is not None) + [f"{points} < {below}"] * (below is not None)
    return " AND ".join(bounds) or "TRUE"


def _overall(form: Form) -> Iterator[str]:
    """The most urgent colour of the tables; a table that keeps another child's colour leaves only red certain."""
    for reading in READINGS:
        yield f"CASE {_most_urgent(form, 'colour', reading, COLOURS)} END AS colour_{reading}"
        none = _any(f"t.coded_{table.id}_{reading} IS NULL" for table in form.tables)
        first = _most_urgent(form, "coded", reading, COLOURS[:1])
        rest = _most_urgent(form, "coded", reading, COLOURS[1:])
        yield f"CASE {first} WHEN {none} THEN CAST(NULL AS VARCHAR) {rest} END AS coded_{reading}"


def _most_urgent(form: Form, kind: str, reading: str, colours: Sequence[str]) -> str:
    return " ".join(
        f"WHEN {_any(f't.{kind}_{table.id}_{reading} = {quoted(colour)}' for table in form.tables)} "
        f"THEN {quoted(colour)}"
        for colour in colours
    )
