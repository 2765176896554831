"""Every figure of a demo district is worked out again, in plain Python, from the rows that stand behind it."""

from __future__ import annotations

import math
import statistics
from collections import defaultdict
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy
import pytest

from dashboard.access import Forbidden, Role, reader_for
from dashboard.audit import Action, recent
from dashboard.commands.calls import rows_of
from dashboard.commands.lists import OPERATOR
from dashboard.desk import open_desk
from dashboard.snapshot import opened
from dashboard.views.measures import measures_of_child, measures_of_school, schools_of
from models.behind import behind, counts_in, newest
from models.measure import indicators
from registry import store
from tests.journey.conftest import Shouhu

DAYS_IN_YEAR = 365.25
Rows = Sequence[dict[str, Any]]


@pytest.fixture(scope="module")
def snapshot(shouhu: Shouhu) -> store.Connection:
    return store.open_snapshot(shouhu.store)


def _pile(rows: Rows, outcome: str, weight: str) -> Fraction:
    column = {"days": "days", "amount": "amount", "cells": "amount"}.get(weight)
    mine = [row for row in rows if row["outcome"] == outcome]
    return sum((Fraction(row[column] or 0) for row in mine), Fraction(0)) if column else Fraction(len(mine))


def _half_gone(rows: Rows) -> float | None:
    """Kaplan–Meier day by day, written from the textbook: the day on which half or fewer still wait."""
    waiting = Fraction(1)
    longest = max((row["days"] for row in rows if row["outcome"] != "unknown"), default=-1)
    for day in range(min((row["days"] for row in rows if row["outcome"] == "yes"), default=0), longest + 1):
        still = sum(1 for row in rows if row["outcome"] != "unknown" and row["days"] >= day)
        ended = sum(1 for row in rows if row["outcome"] == "yes" and row["days"] == day)
        if ended:
            waiting *= 1 - Fraction(ended, still)
            if waiting <= Fraction(1, 2):
                return float(day)
    return None


def _amounts(rows: Rows) -> list[float]:
    return [float(row["amount"]) for row in rows if row["outcome"] == "yes"]


def _over(above: float, below: float) -> float | None:
    return above / below if below else None


def again(kind: str, weight: str, rows: Rows, period_days: int) -> float | None:
    """The value of a figure from its rows alone."""
    yes, no = _pile(rows, "yes", weight), _pile(rows, "no", weight)
    if kind == "share":
        return _over(float(yes), float(yes + no))
    if kind in ("count", "total"):
        return float(yes)
    if kind == "growth":
        return _over(float(yes - no), float(no))
    if kind == "duration":
        return _half_gone(rows)
    if kind == "median":
        return statistics.median(_amounts(rows)) if _amounts(rows) else None
    if kind == "p90":
        return float(numpy.quantile(_amounts(rows), 0.9)) if _amounts(rows) else None
    if kind == "longest":
        waits = [row["days"] for row in rows if row["outcome"] != "unknown" and row["days"] is not None]
        return float(max(waits)) if waits else None
    if kind == "per_thousand":
        return _over(1000.0 * len([r for r in rows if r["outcome"] == "yes"]), float(no))
    child_days = sum(row["days"] for row in rows if row["outcome"] == "no")
    if kind == "rate":
        return _over(sum(1 for row in rows if row["outcome"] == "yes") * 1000 * DAYS_IN_YEAR, child_days)
    assert kind == "per_head", kind
    return _over(sum(_amounts(rows)) * period_days, child_days)


def _figures(snapshot: store.Connection) -> list[dict[str, Any]]:
    return rows_of(
        snapshot,
        "SELECT f.*, days_between.n AS period_days, m.kind AS told FROM figure f "
        "JOIN (SELECT period, date_diff('day', starts_on, snapshot_on) + 1 AS n FROM period) AS days_between "
        "USING (period) LEFT JOIN measure_series m USING (code, series) WHERE f.n_shown > 0",
    )


def test_every_figure_at_every_level_and_period_is_what_its_rows_add_up_to(
    snapshot: store.Connection,
) -> None:
    behind_it: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for row in rows_of(
        snapshot,
        "SELECT c.*, p.level, p.rollup FROM case_row c JOIN case_place p ON p.unit = coalesce(c.area, '')",
    ):
        behind_it[row["code"], row["series"], row["level"], row["rollup"], row["period"]].append(row)
    figures = _figures(snapshot)
    kinds = set()
    for figure in figures:
        one = indicators()[figure["code"]]
        kind, weight = one.kind_of(figure["series"]), one.weight_of(figure["series"])
        key = tuple(figure[name] for name in ("code", "series", "level", "area", "period"))
        rows = behind_it.pop(key)
        assert len(rows) == figure["n_shown"], key
        for outcome in ("yes", "no", "unknown"):
            assert abs(float(_pile(rows, outcome, weight)) - figure[outcome]) <= 0.5, (key, outcome)
        value = again(kind, weight, rows, figure["period_days"])
        assert (value is None) == (figure["value"] is None), (key, value, figure["value"])
        assert value is None or math.isclose(value, figure["value"], rel_tol=1e-9, abs_tol=1e-9), key
        kinds.add(kind)
    assert behind_it == {}, "rows that stand behind no figure"
    assert len(figures) > 10_000
    assert {figure["level"] for figure in figures} >= {"village", "township", "district", "school"}
    assert kinds == {"share", "count", "duration", "rate", "total", "median", "p90", "longest", "per_thousand",
                     "per_head", "growth"}  # fmt: skip


@pytest.mark.parametrize("code", list(indicators()))
def test_asking_for_the_rows_of_a_figure_brings_as_many_as_the_figure_shows(
    snapshot: store.Connection, code: str
) -> None:
    wanted = (
        "SELECT DISTINCT ON (series, level) * FROM figure WHERE code = ? "
        "ORDER BY series, level, n_shown DESC, area, period"
    )
    figures = rows_of(snapshot, wanted, [code])
    assert figures
    for figure in figures:
        question = behind(code, figure["area"], figure["period"], figure["series"])
        found = rows_of(snapshot, question.sql, list(question.values))
        assert len(found) == figure["n_shown"], (figure["level"], figure["area"], figure["period"])


def test_the_command_brings_the_rows_of_a_school_and_of_the_funds(
    shouhu: Shouhu, snapshot: store.Connection
) -> None:
    [school] = rows_of(snapshot, "SELECT area, period, n_shown FROM figure WHERE code = 'P2' AND level = 'school' "
                       "AND n_shown > 0 ORDER BY ALL LIMIT 1")  # fmt: skip
    asked = shouhu("cases", "P2", "--area", school["area"], "--period", school["period"], "--json")
    assert [row["subject"] for row in asked.document["cases"]] == [school["area"]]
    funds = shouhu("cases", "F1", "--area", "530902", "--period", "2026", "--series", "", "--json").document
    assert {row["subject"] for row in funds["cases"]} == {"living", "education", "psychology", "safety"}


def test_from_a_child_to_every_figure_and_the_look_is_recorded(
    shouhu: Shouhu, snapshot: store.Connection
) -> None:
    [visit] = rows_of(snapshot, "SELECT * FROM case_row WHERE code = 'C12' ORDER BY ALL LIMIT 1")
    child = visit["subject"].partition("@")[0]
    found = shouhu("measures", child, "--json").document["measures"]
    by_hand = rows_of(
        snapshot,
        "SELECT count(*) AS n FROM case_row c WHERE contains(subject, ?) OR split_part(subject, '@', 1) IN "
        "(SELECT household_ref FROM family WHERE child_id = ?)",
        [child, child],
    )
    assert len(found) == by_hand[0]["n"] > 20
    assert {"C2", "C12", "R9"} <= {row["code"] for row in found}
    assert {row["via"] for row in found} == {"subject", "household"}
    looks = recent(open_desk(shouhu.store), 5, user=OPERATOR, subject=child)
    assert [look.action for look in looks][:1] == [Action.CHILD_VIEWED]


def test_a_file_number_and_a_visit_lead_to_figures_too(shouhu: Shouhu, snapshot: store.Connection) -> None:
    [visit] = rows_of(snapshot, "SELECT * FROM case_row WHERE code = 'C14' ORDER BY ALL LIMIT 1")
    of_visit = shouhu("measures", visit["subject"], "--json").document["measures"]
    assert {"C12", "C14", "I9"} <= {row["code"] for row in of_visit}
    child = visit["subject"].partition("@")[0]
    number = f"{child[-8:-4]}-{child[-4:]}".upper()
    assert shouhu("measures", number, "--json").document["subject"] == child


def test_what_counts_nowhere_is_said_plainly(shouhu: Shouhu) -> None:
    told = shouhu("measures", "nobody", "--lang", "en")
    assert told.code == 1
    assert "counts in no measure" in told.err.replace("\n", " ")


def test_a_school_counts_in_its_own_name_and_as_the_place_of_others(
    shouhu: Shouhu, snapshot: store.Connection
) -> None:
    question = newest(counts_in("530902001S1"))
    found = rows_of(snapshot, question.sql, list(question.values))
    assert {row["code"] for row in found if row["via"] == "subject"} >= {"P1", "P2", "S5"}
    with opened(shouhu.store) as frames:
        reader = reader_for("someone", Role.PLANNER, ("530902001",))
        assert set(schools_of(frames, reader)) <= {row["org_code"] for row in rows_of(snapshot, "FROM org")}
        shown = measures_of_school(frames, reader, "zh", "530902001S1")
        assert any(title.startswith("P2 ") for title in shown[shown.columns[0]])
        elsewhere = reader_for("someone", Role.PLANNER, ("530902002",))
        with pytest.raises(Forbidden):
            measures_of_school(frames, elsewhere, "zh", "530902001S1")


def test_an_aggregate_reader_is_told_of_no_child(shouhu: Shouhu, snapshot: store.Connection) -> None:
    [row] = rows_of(snapshot, "SELECT child_id FROM known_child ORDER BY ALL LIMIT 1")
    with opened(shouhu.store) as frames:
        supervisor = reader_for("someone", Role.SUPERVISOR, ("530902",))
        with pytest.raises(Forbidden):
            measures_of_child(frames, supervisor, "zh", row["child_id"])
        planner = reader_for("someone", Role.PLANNER, ("530902",))
        assert len(measures_of_child(frames, planner, "en", row["child_id"])) > 5
