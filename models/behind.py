"""Both ways between figures and rows: the cases behind a figure, and the figures in which a subject counts.

Questions for a published snapshot, as SQL with `?` and their values; who may ask is not decided here.
"""

from __future__ import annotations

from typing import NamedTuple

CASE = (
    "c.series, c.area, c.period, c.subject_kind, c.subject, c.outcome, c.days, c.amount, c.record AS source"
)
PLACE = "EXISTS (SELECT 1 FROM case_place AS p WHERE p.unit = COALESCE(c.area, '') AND p.rollup = ?)"


class Question(NamedTuple):
    """A query and the values of its placeholders."""

    sql: str
    values: list[str]


def behind(code: str, area: str | None, period: str | None, series: str | None = None) -> Question:
    """The rows behind the figures of a measure.

    `area` is any place that has figures: a village, township, district, school or department.  What lies in
    it is what the build added up there, so a school's rows stand behind its township's figure too and rows
    without a place (funds, exchanges) behind the district's.
    """
    conditions, values = ["c.code = ?"], [code]
    if area:
        conditions.append(PLACE)
        values.append(area)
    for column, wanted in (("period", period), ("series", series)):
        if wanted is not None:
            conditions.append(f"c.{column} = ?")
            values.append(wanted)
    return Question(f"SELECT {CASE} FROM case_row AS c WHERE {' AND '.join(conditions)} ORDER BY ALL", values)


def counts_in(subject: str, with_households: bool = True) -> Question:
    """Every case of a subject: a child (and its household's), a visit `child@day`, a school, a village.

    `via` says how: `subject` in its own name, `household` through the household of a child, `place` as the
    school or village where somebody else counts.  `with_households` needs the table `family`.
    """
    # A subject of a child is `child@what`; a suspected pair is `child@child`, a pair of places `village@school`.
    own = "(c.subject = ? OR starts_with(c.subject, ? || '@') OR contains('@' || c.subject || '@', '@' || ? || '@'))"
    house = (
        "EXISTS (SELECT 1 FROM family AS f WHERE f.child_id = ? AND (c.subject = f.household_ref "
        "OR starts_with(c.subject, f.household_ref || '@')))"
        if with_households
        else "FALSE"
    )
    return Question(
        f"SELECT c.code, CASE WHEN {own} THEN 'subject' WHEN {house} THEN 'household' ELSE 'place' END AS via, "
        f"{CASE} FROM case_row AS c JOIN period AS w ON w.period = c.period "
        f"WHERE {own} OR {house} OR c.area = ? "
        "ORDER BY c.code, c.series, w.snapshot_on DESC, w.starts_on DESC, c.subject, c.outcome",
        [subject] * (9 if with_households else 7),
    )


def newest(question: Question) -> Question:
    """Of each measure, part and subject only the newest period."""
    return Question(
        f"SELECT q.* FROM ({question.sql}) AS q JOIN period AS w ON w.period = q.period "
        "QUALIFY rank() OVER (PARTITION BY q.code, q.series, q.via ORDER BY w.snapshot_on DESC, w.starts_on DESC) = 1 "
        "ORDER BY q.code, q.series, q.subject, q.outcome",
        question.values,
    )
