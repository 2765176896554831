"""The week's plan as a reader may see it: who visits whom, by when, why first, and what cannot be done.

Shown is the best plan that was made for this build (`shouhu plan`), else the plan at once.  A visit drawn at random
looks like every other; only a reader who tunes the rules sees the draw.  No points and no tier beside a child.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import polars as pl

from dashboard.access import Permission, Reader, covers_area, may, require
from dashboard.snapshot import Snapshot
from dashboard.texts import text
from dashboard.views.plan_misses import misses_told
from dashboard.views.scope import Scope, chosen_area, scope_of
from dashboard.views.words import file_number, in_language, provenance
from models.parameters import value_on
from models.planning.keeping import UnreadablePlan, kept
from models.planning.making import BrokenPlan, Missing, Plan, Visit, make_plan
from models.planning.problem import Worker
from models.planning.reading import DAYS_A_WEEK, MINUTES_AN_HOUR

REASONS = "SELECT * FROM reason WHERE target = 'visit' AND kind <> 'card' ORDER BY child_id, ord"


class NoPlan(NamedTuple):
    """Why there is no plan to show, and what to do; nothing of a doubtful plan is shown."""

    title: str
    provenance: str
    problem: str
    what_to_do: str


class PlanPage(NamedTuple):
    """The plan of one week for one reader; child_ids stand in the order of the rows of `visits`."""

    title: str
    provenance: str
    area: str
    area_choices: dict[str, str]
    week: str
    week_choices: dict[str, str]
    how_made: str
    summary: str
    visits: pl.DataFrame
    child_ids: list[str]
    workers: pl.DataFrame
    missing: pl.DataFrame
    draw: pl.DataFrame | None
    misses: pl.DataFrame | None
    misses_empty: str


def plan_page(
    snapshot: Snapshot, store: Path, reader: Reader, lang: str, wanted: dict[str, str | None]
) -> PlanPage | NoPlan:
    """The plan as the reader may see it; Forbidden without the right to single cases or outside one's areas."""
    require(reader, Permission.VIEW_CHILDREN)
    try:
        return _page(snapshot, store, reader, lang, wanted)
    except UnreadablePlan as problem:
        told = "unreadable", str(problem)
    except BrokenPlan as problem:
        told = "broken_at_once", str(problem)
    words = text(lang, f"plan.{told[0]}", problem=told[1])
    return NoPlan(
        text(lang, "plan.title"),
        provenance(lang, snapshot.build),
        words,
        text(lang, f"plan.{told[0]}_way", problem=told[1]),
    )


def _page(
    snapshot: Snapshot, store: Path, reader: Reader, lang: str, wanted: dict[str, str | None]
) -> PlanPage:
    scope = scope_of(snapshot, reader)
    area = chosen_area(scope, reader, wanted.get("area"))
    plan = plan_for(snapshot, store)
    misses, misses_empty = misses_told(snapshot, store, reader, lang)
    weeks = {str(week): _week(lang, plan, week) for week in range(plan.weeks)}
    week = wanted.get("week") if wanted.get("week") in weeks else "0"
    seen = [one for one in plan.visits if one.village.startswith(area) and covers_area(reader, one.village)]
    now = [one for one in seen if one.worker and one.week == int(week or 0)]
    visits, child_ids = _visits(snapshot, plan, now, scope, lang)
    missing = [
        one for one in plan.missing if one.village.startswith(area) and covers_area(reader, one.village)
    ]
    return PlanPage(
        text(lang, "plan.title"),
        provenance(lang, snapshot.build),
        area,
        scope.choices(),
        week or "0",
        weeks,
        _how_made(lang, plan),
        _summary(lang, now, seen, missing),
        visits,
        child_ids,
        _workers(plan, now, scope, lang, int(week or 0)),
        _missing(missing, scope, lang),
        _draw(plan, reader, area, scope, lang) if may(reader, Permission.TUNE) else None,
        misses,
        misses_empty,
    )  # fmt: skip


def _summary(lang: str, now: list[Visit], seen: list[Visit], missing: list[Missing]) -> str:
    """The week in a sentence: stops, what comes late, what nobody can, hours missing."""
    n_late, n_never = sum(one.is_late for one in seen), sum(not one.worker for one in seen)
    hours = f"{sum(one.hours for one in missing):.0f}"
    return text(lang, "plan.summary", visits=len(now), late=n_late, never=n_never, hours=hours)


def _missing(missing: list[Missing], scope: Scope, lang: str) -> pl.DataFrame:
    """By village what cannot be done in time, with the hours that it would take."""
    columns = ("column.unit", "plan.n_late", "plan.n_never", "plan.hours_missing")
    rows = [(scope.name(one.village), one.n_visits, one.n_never, round(one.hours, 1)) for one in missing]
    return _frame(lang, columns, rows)


def plan_for(snapshot: Snapshot, store: Path) -> Plan:
    """The best plan kept for the build; else the plan at once, made once a process (pseudonyms only)."""
    build = snapshot.build
    weeks = value_on("plan_weeks", build.as_of)
    found = kept(store, build.build_id, weeks)
    if found is None:
        found = _at_once.get((store, build.build_id))
    if found is None:
        found = make_plan(lambda sql: snapshot.frame(sql).rows(), build.build_id, build.as_of, weeks,
                          snapshot.has("worker_hours"), False)  # fmt: skip
        _at_once.clear()
        _at_once[store, build.build_id] = found
    return found


_at_once: dict[tuple[Path, str], Plan] = {}


@lru_cache(maxsize=8)
def workers_of(plan_workers: tuple[Worker, ...]) -> dict[str, Worker]:
    """Workers by their code."""
    return {one.worker: one for one in plan_workers}


def worker_words(lang: str, worker: Worker, place: str) -> str:
    """A worker by post and place; names of staff stand on the printed sheets only."""
    return text(lang, "plan.worker", post=text(lang, f"plan.{worker.post}"), place=place)


def _week(lang: str, plan: Plan, week: int) -> str:
    first = plan.as_of + dt.timedelta(DAYS_A_WEEK * week)
    last = first + dt.timedelta(DAYS_A_WEEK - 1)
    return text(lang, "plan.week", number=week + 1, first=first, last=last)


def _how_made(lang: str, plan: Plan) -> str:
    """At once or at best, and for how many households the way is known."""
    usual = value_on("way_between_households_minutes", plan.as_of)
    ways = text(lang, "plan.ways", homes=plan.n_homes, own=plan.n_own_way, usual=usual)
    if plan.gap is None:
        return text(lang, "plan.made_at_once") + ways
    return text(lang, "plan.made_best", gap=f"{100 * plan.gap:.1f}") + ways


def _visits(
    snapshot: Snapshot, plan: Plan, now: list[Visit], scope: Scope, lang: str
) -> tuple[pl.DataFrame, list[str]]:
    """A row a child, in the order of urgency; a village's round is a row without a child."""
    sentences = first_reasons(snapshot, lang)
    people = workers_of(plan.workers)
    rows, ids = [], []
    for number, visit in enumerate(now, 1):
        who = worker_words(lang, people[visit.worker], scope.name(people[visit.worker].org_code))
        for child in visit.children or ("",):
            why = sentences.get(child, text(lang, "plan.why_due")) if child else text(lang, "plan.why_round")
            late = text(lang, "plan.after_its_day") if visit.is_late else ""
            rows.append((number, who, file_number(child) if child else text(lang, "plan.round"),
                         scope.name(visit.village), f"{visit.due_on}{late}", why))  # fmt: skip
            ids.append(child)
    columns = ("plan.order", "plan.who", "column.file_number", "column.unit", "column.due_on", "plan.why")
    return _frame(lang, columns, rows), ids


def first_reasons(snapshot: Snapshot, lang: str) -> dict[str, str]:
    """Child → the first reason by rule."""
    found: dict[str, str] = {}
    for row in snapshot.frame(REASONS).iter_rows(named=True):
        found.setdefault(row["child_id"], in_language(row, "sentence", lang))
    return found


def _workers(plan: Plan, now: list[Visit], scope: Scope, lang: str, week: int) -> pl.DataFrame:
    """Who has how many visits, and the hours that the register gives."""
    rows = []
    for one in plan.workers:
        own = [visit for visit in now if visit.worker == one.worker]
        place = scope.name(one.org_code)
        if own and one.org_code:
            n = sum(len(visit.children) for visit in own)
            spot = sum(visit.minutes for visit in own) / MINUTES_AN_HOUR
            rows.append((worker_words(lang, one, place), n, len({visit.village for visit in own}),
                         round(spot, 1), round(one.minutes[week] / MINUTES_AN_HOUR, 1)))  # fmt: skip
    columns = (
        "plan.who",
        "plan.n_children",
        "plan.n_villages",
        "plan.hours_on_the_spot",
        "plan.hours_there_are",
    )
    return _frame(lang, columns, rows)


def _draw(plan: Plan, reader: Reader, area: str, scope: Scope, lang: str) -> pl.DataFrame:
    """For the analyst: every row of the list with its probability of being chosen, and whether it was drawn."""
    yes, no = text(lang, "plan.yes"), text(lang, "plan.no")
    rows = [
        (file_number(one.child_id), scope.name(one.village), f"{100 * one.probability:.0f}%",
         yes if one.is_planned else no, yes if one.is_probe else no)
        for one in plan.chances
        if one.village.startswith(area) and covers_area(reader, one.village)
    ]  # fmt: skip
    return _frame(
        lang, ("column.file_number", "column.unit", "plan.probability", "plan.planned", "plan.drawn"), rows
    )


def _frame(lang: str, columns: tuple[str, ...], rows: Sequence[tuple[object, ...]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=[text(lang, column) for column in columns], orient="row")
