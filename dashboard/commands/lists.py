"""`shouhu screen`: the ranked lists, with reasons."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.table import Table

from dashboard.commands import calls as cli
from dashboard.commands.building import snapshot_for
from dashboard.commands.calls import rows_of
from dashboard.texts import text
from dashboard.views.lowering import known_of_row
from dashboard.views.overrides import moved_sentence
from models.screening.lowering.smallest_change import ways_down
from models.screening.rulebook.in_force import used_by
from registry import store
from registry.settings import Settings

TARGETS = ("visit", "referral")
OPERATOR = "local-operator"


def ranked(connection: store.Connection, target: str, lang: str) -> list[dict[str, Any]]:
    """The ranked list of a target, each child with reasons (article, since, sentence) and what is unknown."""
    children = rows_of(
        connection,
        "SELECT rank, child_id, village_code, eligibility, lane, tier, tier_low, tier_high, points, points_low, "
        "points_high, due_on, card FROM screening WHERE target = ? ORDER BY rank",
        [target],
    )
    reasons: dict[str, list[dict[str, Any]]] = {}
    for row in rows_of(
        connection,
        f"SELECT child_id, kind, code, clause, since, record, points, sentence_{lang} AS sentence FROM reason "
        "WHERE target = ? ORDER BY child_id, ord",
        [target],
    ):
        reasons.setdefault(row.pop("child_id"), []).append(row)
    unknown: dict[str, list[str]] = {}
    for row in rows_of(
        connection,
        "SELECT child_id, fact FROM unknown_fact WHERE target = ? ORDER BY child_id, fact",
        [target],
    ):
        unknown.setdefault(row["child_id"], []).append(row["fact"])
    by_hand = moves_by_hand(connection, target)
    for child in children:
        child["override"] = by_hand.get(child["child_id"])
        child["reasons"] = reasons.get(child["child_id"], [])
        child["unknown"] = unknown.get(child["child_id"], [])
    _add_ways_down(connection, target, lang, children)
    return children


def moves_by_hand(connection: store.Connection, target: str) -> dict[str, dict[str, Any]]:
    """Child → who moved it by hand, why, until when, and what rules and card had computed; none in older builds."""
    if not rows_of(connection, "SELECT 1 FROM duckdb_tables() WHERE table_name = 'moved_child'"):
        return {}
    rows = rows_of(
        connection,
        "SELECT m.child_id, m.override_id, o.direction, m.tier_computed, m.due_computed, o.code, "
        'o."by", o.until_on '
        "FROM moved_child AS m JOIN person_override AS o ON o.override_id = m.override_id WHERE m.target = ?",
        [target],
    )
    return {row.pop("child_id"): row for row in rows}


def _add_ways_down(
    connection: store.Connection, target: str, lang: str, children: list[dict[str, Any]]
) -> None:
    """`lowered_by`: the smallest sets of steps that would lower the tier (of one reported now, after the report)."""
    day = rows_of(connection, "SELECT as_of FROM build_info")[0]["as_of"]
    facts: dict[str, list[dict[str, Any]]] = {}
    for row in rows_of(connection, "SELECT child_id, fact, number, code, flag FROM fact WHERE known"):
        facts.setdefault(row["child_id"], []).append(row)
    held = used_by(lambda sql: store.run(connection, sql))[target]
    for child in children:
        known = known_of_row(child, held, facts.get(child["child_id"], []), day)
        ways = ways_down(known.values, known.rules, known.card, day) if known else []
        child["lowered_by"] = [
            {
                "tier": way.tier,
                "steps": [
                    {"code": one.id, "clause": one.clause, "sentence": getattr(one, lang)}
                    for one in way.actions
                ],
            }
            for way in ways
        ]


def identify_children(
    settings: Settings, connection: store.Connection, children: list[dict[str, Any]], command: str
) -> None:
    """Add names and identity numbers, on this machine only; each look is logged with the command."""
    from dashboard import audit
    from dashboard.desk import open_desk

    vault = cli.vault_for(settings)
    sealed = {
        row["child_id"]: row for row in rows_of(connection, "SELECT child_id, name, id_no FROM identity")
    }
    desk = open_desk(settings.store)
    with desk.writing() as log:
        for child in children:
            audit.append_within(
                log, OPERATOR, None, audit.Action.IDENTITY_VIEWED, child["child_id"], command,
                desk.clock(),
            )  # fmt: skip
    for child in children:
        row = sealed.get(child["child_id"], {})
        child["name"] = vault.open(row.get("name"))
        child["id_no"] = vault.open(row.get("id_no"))


def screen(
    target: Annotated[str, typer.Option("--target", help="visit | referral")] = "visit",
    as_of: Annotated[str | None, typer.Option("--as-of", help="截止日期 / as of this day")] = None,
    card: Annotated[
        str | None, typer.Option("--card", help="评分卡 / card, must be the published one")
    ] = None,
    identify: Annotated[
        bool, typer.Option("--identify", help="带姓名，逐条留痕 / with names; every look is logged")
    ] = False,
    limit: Annotated[
        int, typer.Option("--limit", help="只显示前几名（JSON 全部）/ rows shown (JSON gives all)")
    ] = 30,
    store_dir: cli.Store = None,
    lang: cli.Lang = "zh",
    as_json: cli.AsJson = False,
) -> None:
    """排序名单与理由 / the ranked list with reasons.

    Example: shouhu screen --target visit --store S
    """
    if target not in TARGETS:
        raise typer.BadParameter(f"--target: expected visit or referral, found {target!r}")
    settings = cli.settings_for(store_dir, lang)
    with cli.told_plainly(lang):
        connection, pointer = snapshot_for(settings, cli.day(as_of), None, quiet=as_json)
        cards = {
            r["card"]
            for r in rows_of(connection, "SELECT DISTINCT card FROM screening WHERE target = ?", [target])
        }
        if card and card not in cards:
            cli.stop(
                text(lang, "cli.other_card", wanted=card, published=", ".join(sorted(filter(None, cards))))
            )
        children = ranked(connection, target, lang)
        if identify:
            identify_children(settings, connection, children, "shouhu screen --identify")
    if as_json:
        cli.print_json({"target": target, "as_of": pointer["as_of"], "build_id": pointer["build_id"],
                        "children": children})  # fmt: skip
        return
    _print_ranked(connection, children[:limit], len(children), target, lang, identify)


def _print_ranked(
    connection: store.Connection,
    children: list[dict[str, Any]],
    total: int,
    target: str,
    lang: str,
    identify: bool,
) -> None:
    names = {
        row["area_code"]: row["name"] for row in rows_of(connection, 'SELECT area_code, "name" FROM area')
    }
    table = Table(
        title=text(lang, f"cli.screen_{target}", total=total), title_justify="left", show_lines=True
    )
    for key in ("rank", "child", "village", "tier", "due_on"):
        table.add_column(
            text(lang, f"cli.{key}"), overflow="fold", justify="right" if key == "rank" else "left"
        )
    table.add_column(text(lang, "cli.reasons"), overflow="fold", ratio=1, min_width=28)
    for child in children:
        who = child.get("name") if identify else child["child_id"][:9]
        lane = "report_now" if child["lane"] == "report_now" else child["tier"]
        by_rule = [reason for reason in child["reasons"] if reason["kind"] != "card"]
        sentences = "\n".join(reason["sentence"] for reason in (by_rule or child["reasons"])[:4])
        if moved := child["override"]:
            sentences = "\n".join(
                filter(None, (moved_sentence(lang, {**moved, "tier": child["tier"]}), sentences))
            )
        due = "—" if child["due_on"] is None else str(child["due_on"])
        village = names.get(child["village_code"], "—")
        table.add_row(str(child["rank"]), who or "—", village, text(lang, f"cli.tier_{lane}"), due, sentences)
    cli.output.print(table)
