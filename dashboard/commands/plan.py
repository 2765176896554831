"""`shouhu plan`: who visits whom in the coming weeks, by when, and what today's people cannot do."""

from __future__ import annotations

import datetime as dt
import time
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from dashboard.commands import calls as cli
from dashboard.commands.building import snapshot_for
from dashboard.commands.calls import rows_of
from dashboard.commands.lists import identify_children
from dashboard.exports.visit_sheets import SheetRow, write_list, write_sheets
from dashboard.texts import text
from dashboard.views.plan_misses import COLUMNS, misses_row
from models.planning.keeping import UnreadablePlan, all_kept, keep
from models.planning.making import BrokenPlan, Plan, Visit, make_plan
from models.planning.outcomes import LevelMisses, misses_by_level
from models.planning.reading import DAYS_A_WEEK, MINUTES_AN_HOUR
from registry import store
from registry.settings import Settings

MOST_WEEKS = 26
KINDS = (".xlsx", ".html")


app = typer.Typer(rich_markup_mode=None)


def plan(
    context: typer.Context,
    weeks: Annotated[
        int | None,
        typer.Option("--weeks", min=1, max=MOST_WEEKS, help="计划周数 / weeks (default: the parameter)"),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="任务单 / visit sheets: FILE.xlsx (intake reads it back) or FILE.html"),
    ] = None,
    identify: Annotated[
        bool, typer.Option("--identify", help="带姓名，逐条留痕 / with names; every look is logged")
    ] = False,
    at_once: Annotated[
        bool, typer.Option("--at-once", help="即时计划 / the plan at once, without proof")
    ] = False,
    analyst: Annotated[
        bool, typer.Option("--analyst", help="JSON 含抽取概率 / JSON with the chances of being chosen")
    ] = False,
    store_dir: cli.Store = None,
    lang: cli.Lang = "zh",
    as_json: cli.AsJson = False,
) -> None:
    """走访计划与任务单 / the plan of visits, and visit sheets.

    Exit codes: 0 every visit in time, 1 some cannot be, 2 a wrong call.
    Example: shouhu plan --weeks 4 --identify --out week.xlsx --store S
    """
    if context.invoked_subcommand is not None:
        return
    settings = cli.settings_for(store_dir, lang)
    _check_out(out, identify, lang)
    started = time.monotonic()
    with cli.told_plainly(lang):
        connection, pointer = snapshot_for(settings, None, None, quiet=as_json)
        made = _made(settings, connection, pointer, weeks, not at_once)
        document = told(connection, made, lang)
        if identify:
            _name(settings, connection, document)
    if out is not None:
        _write(out, connection, document, lang)
    if not as_json:
        _print(connection, made, document, lang, time.monotonic() - started, out)
    else:
        chances = {"list": [one._asdict() for one in made.chances]} if analyst else {}
        cli.print_json({**document, **chances})
    if made.missing:
        raise typer.Exit(cli.PROBLEMS)


def _check_out(out: Path | None, identify: bool, lang: str) -> None:
    """Sheets are workbooks or pages to print, and hold names: both are said before any work is done."""
    if out is None:
        return
    if out.suffix not in KINDS:
        cli.stop(text(lang, "plan.cli_wrong_file", found=out.suffix or out.name))
    if not identify:
        cli.stop(text(lang, "plan.cli_names_needed"))


def _made(
    settings: Settings, connection: store.Connection, pointer: dict[str, str], weeks: int | None, best: bool
) -> Plan:
    """The plan, kept beside the store where it is the best one; a plan that breaks a rule ends the command."""
    try:
        made = planned(connection, pointer, weeks, best)
    except BrokenPlan as problem:
        cli.stop(text(settings.lang, "plan.broken", problem=problem))
    if best:
        keep(settings.store, made)
    return made


def planned(connection: store.Connection, pointer: dict[str, str], weeks: int | None, best: bool) -> Plan:
    """The plan of an open snapshot."""
    has_hours = bool(store.run(connection, "SELECT 1 FROM duckdb_tables() WHERE table_name = 'worker_hours'"))
    as_of = dt.date.fromisoformat(pointer["as_of"])
    return make_plan(
        lambda sql: store.run(connection, sql), pointer["build_id"], as_of, weeks, has_hours, best
    )


def told(connection: store.Connection, made: Plan, lang: str) -> dict[str, Any]:
    """The plan as one document: nothing in it tells a drawn visit from a due one."""
    people = {one.worker: one for one in made.workers}
    visits = []
    for one in made.visits:
        who = people.get(one.worker)
        visits.append({
            "week": one.week + 1 if who else None, "post": who.post if who else None,
            "org_code": who.org_code if who else None, "worker": one.worker or None, "village_code": one.village,
            "child_ids": list(one.children), "due_on": one.due_on, "minutes": one.minutes, "late": one.is_late,
        })  # fmt: skip
    return {
        "build_id": made.build_id,
        "as_of": made.as_of,
        "weeks": made.weeks,
        "gap": made.gap,
        "homes": made.n_homes,
        "homes_with_own_way": made.n_own_way,
        "hours": round(made.worth.minutes / MINUTES_AN_HOUR, 1),
        "visits": visits,
        "missing": [
            {
                "village_code": one.village,
                "late": one.n_visits,
                "never": one.n_never,
                "hours": round(one.hours, 1),
            }
            for one in made.missing
        ],
    }


def _name(settings: Settings, connection: store.Connection, document: dict[str, Any]) -> None:
    """Names of the planned children, on this machine only; each look is logged.  Builds hold no names of staff."""
    ids = sorted({child for visit in document["visits"] if visit["worker"] for child in visit["child_ids"]})
    children = [{"child_id": child} for child in ids]
    identify_children(settings, connection, children, "shouhu plan --identify")
    found = {child["child_id"]: child for child in children}
    for visit in document["visits"]:
        visit["children"] = [found[child] for child in visit["child_ids"] if child in found]


def _write(out: Path, connection: store.Connection, document: dict[str, Any], lang: str) -> None:
    """The visit sheets: a workbook for the intake, or pages to print."""
    rows = list(_sheet_rows(connection, document, lang))
    if out.suffix == ".xlsx":
        write_list(rows, out)
    else:
        write_sheets(rows, out, lang)


def _sheet_rows(connection: store.Connection, document: dict[str, Any], lang: str) -> list[SheetRow]:
    areas = {
        row["area_code"]: row["name"] for row in rows_of(connection, 'SELECT area_code, "name" FROM area')
    }
    born = {row["child_id"]: row["birth_date"]
            for row in rows_of(connection, "SELECT child_id, birth_date FROM identity")}  # fmt: skip
    why: dict[str, str] = {}
    for row in rows_of(connection, f"SELECT child_id, sentence_{lang} AS sentence FROM reason "
                                   "WHERE target = 'visit' AND kind <> 'card' ORDER BY child_id, ord"):  # fmt: skip
        why.setdefault(row["child_id"], row["sentence"])
    rows = []
    for visit in (one for one in document["visits"] if one["worker"]):
        village = areas.get(visit["village_code"], visit["village_code"])
        for child in visit["children"]:
            values = {
                "person.village_code": village,
                "person.name": child["name"] or "",
                "person.id_no": child["id_no"] or "",
                "person.birth_date": str(born.get(child["child_id"]) or ""),
                "visit.due_on": str(visit["due_on"]),
            }
            place = areas.get(visit["org_code"], visit["org_code"])
            who = text(lang, "plan.worker", post=text(lang, f"plan.{visit['post']}"), place=place)
            week = f"{text(lang, 'plan.week_short')} {visit['week']}"
            rows.append(SheetRow(values, who, week, why.get(child["child_id"], text(lang, "plan.why_due"))))
    return rows


def _print(
    connection: store.Connection,
    made: Plan,
    document: dict[str, Any],
    lang: str,
    seconds: float,
    out: Path | None,
) -> None:
    areas = {
        row["area_code"]: row["name"] for row in rows_of(connection, 'SELECT area_code, "name" FROM area')
    }
    for week in range(made.weeks):
        cli.output.print(_week_table(made, areas, week, lang))
    for missing in document["missing"]:
        village = areas.get(missing["village_code"], missing["village_code"])
        cli.output.print(text(lang, "plan.cli_missing", hours=missing["hours"], village=village,
                              late=missing["late"], never=missing["never"]))  # fmt: skip
    if made.gap is not None:
        cli.output.print(text(lang, "plan.cli_gap", gap=f"{100 * made.gap:.1f}", seconds=f"{seconds:.1f}"))
    if out is not None:
        cli.output.print(text(lang, "plan.cli_written", path=out))


def _week_table(made: Plan, areas: dict[str, str], week: int, lang: str) -> Table:
    """Who does how much in a week."""
    first = made.as_of + dt.timedelta(DAYS_A_WEEK * week)
    last = first + dt.timedelta(DAYS_A_WEEK - 1)
    table = Table(
        title=text(lang, "plan.week", number=week + 1, first=first, last=last), title_justify="left"
    )
    for key in (
        "plan.who",
        "plan.visits_n",
        "plan.n_children",
        "plan.hours_on_the_spot",
        "plan.hours_there_are",
    ):
        table.add_column(text(lang, key), justify="left" if key == "plan.who" else "right")
    for one in made.workers:
        own: list[Visit] = [v for v in made.visits if (v.worker, v.week) == (one.worker, week)]
        if own:
            who = text(lang, "plan.worker", post=text(lang, f"plan.{one.post}"),
                       place=areas.get(one.org_code, one.org_code))  # fmt: skip
            spot, there = sum(v.minutes for v in own), one.minutes[week]
            table.add_row(who, str(len(own)), str(sum(len(v.children) for v in own)),
                          f"{spot / MINUTES_AN_HOUR:.1f}", f"{there / MINUTES_AN_HOUR:.1f}")  # fmt: skip
    return table


# `shouhu plan` alone makes the plan; with `misses` behind it, what came back from its drawn visits.
app.callback(invoke_without_command=True)(plan)


@app.command("misses")
def misses(store_dir: cli.Store = None, lang: cli.Lang = "zh", as_json: cli.AsJson = False) -> None:
    """名单漏掉多少（分析员）/ for the analyst: what the list misses, from the visits drawn at random.

    Example: shouhu plan misses --store S --json
    """
    settings = cli.settings_for(store_dir, lang)
    with cli.told_plainly(lang):
        connection, pointer = snapshot_for(settings, None, None, quiet=as_json)
        as_of = dt.date.fromisoformat(pointer["as_of"])
        try:
            plans = all_kept(settings.store)
        except UnreadablePlan as problem:
            cli.stop(text(lang, "plan.cli_unreadable", problem=problem))
        found = misses_by_level(lambda sql: store.run(connection, sql), plans, as_of)
    if as_json:
        rows = [{"level": one.level, "n_waiting": one.n_waiting, **one.misses._asdict()} for one in found]
        cli.print_json({"build_id": pointer["build_id"], "as_of": as_of, "misses": rows})
    else:
        _print_misses(found, lang)


def _print_misses(found: list[LevelMisses], lang: str) -> None:
    if not found:
        cli.output.print(text(lang, "plan.misses_nothing"))
        return
    table = Table(title=text(lang, "plan.misses"), title_justify="left")
    for column in COLUMNS:
        table.add_column(text(lang, f"plan.misses_{column}"))
    for one in found:
        table.add_row(*(str(cell) for cell in misses_row(one, lang)))
    cli.output.print(table)
    cli.output.print(text(lang, "plan.misses_note"))
