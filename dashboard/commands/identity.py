"""`shouhu identity`: pairs that may be one child, and what a person decides about them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from rich.table import Table

from dashboard.commands import calls as cli
from dashboard.commands.lists import OPERATOR
from dashboard.texts import text
from dashboard.views.pairs import STATES, certainty_words, evidence_words, is_against
from data_contracts.same_child.name_likeness import FIELDS
from registry import decisions, store
from registry.decisions import Decision, DecisionProblem
from registry.settings import Settings

app = typer.Typer(help="疑似重复与合并 / the same child?", no_args_is_help=True)
Pair = Annotated[
    list[str],
    typer.Argument(help="一对的编号，或两个儿童代号 / a pair, or two references", show_default=False),
]
Reason = Annotated[str, typer.Option("--reason", help="理由，不写姓名 / why; no names")]
By = Annotated[str, typer.Option("--by", help="谁判断的 / who decided")]


@app.command("list")
def list_pairs(
    state: Annotated[str, typer.Option("--state", help="open | same | not_same | all")] = "open",
    store_dir: cli.Store = None,
    lang: cli.Lang = "zh",
    as_json: cli.AsJson = False,
) -> None:
    """疑似重复的记录，带依据 / pairs that may be one child, with the evidence; exit code 1 while any is open.

    Example: shouhu identity list --store S
    """
    if state not in (*STATES, "all"):
        raise typer.BadParameter(f"--state: expected {', '.join(STATES)} or all, found {state!r}")
    settings = cli.settings_for(store_dir, lang)
    with cli.told_plainly(lang):
        connection = store.open_snapshot(settings.store)
        rows = cli.rows_of(connection, "SELECT * FROM identity_pair ORDER BY weight DESC, pair_id")
        joined = cli.rows_of(
            connection, "SELECT child_ref, child_id, how FROM link WHERE how <> 'own' ORDER BY child_ref"
        )
        build_id = store.current(settings.store)["build_id"]
        connection.close()
    shown = [row for row in rows if state in ("all", row["state"])]
    n_open = sum(row["state"] == "open" for row in rows)
    if as_json:
        document = {"build_id": build_id, "open": n_open, "pairs": [_plain(row) for row in shown],
                    "joined": joined, "decisions": [one._asdict() for one in _made(settings)]}  # fmt: skip
        cli.print_json(document)
    else:
        _print(shown, n_open, lang)
        n_joined = sum(row["how"] == "automatic" for row in joined)
        cli.output.print(text(lang, "cli_identity.joined", n=n_joined))
    raise typer.Exit(cli.PROBLEMS if n_open else cli.GOOD)


def _made(settings: Settings) -> list[Decision]:
    connection = decisions.in_registry(settings.registry_path, read_only=True)
    try:
        return decisions.decisions(connection)
    finally:
        connection.close()


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    evidence = {field: row[f"{field}_evidence"] for field in FIELDS}
    kept = {name: value for name, value in row.items() if not name.endswith("_evidence")}
    return {**kept, "evidence": evidence}


def _print(rows: list[dict[str, Any]], n_open: int, lang: str) -> None:
    title = text(lang, "cli_identity.title", shown=len(rows), open=n_open)
    table = Table(title=title, title_justify="left", show_lines=True)
    for key in ("pair", "children", "certainty", "evidence_for", "evidence_against", "state", "decision"):
        table.add_column(text(lang, f"cli_identity.{key}"), overflow="fold")
    for row in rows:
        grades = [
            (field, row[f"{field}_evidence"]) for field in FIELDS if row[f"{field}_evidence"] != "unknown"
        ]
        said = {
            side: "\n".join(
                evidence_words(lang, field, one) for field, one in grades if is_against(one) is side
            )
            for side in (False, True)
        }
        table.add_row(
            row["pair_id"], f"{row['child_id']}\n{row['other_id']}", certainty_words(lang, row["certainty"]),
            said[False] or "—", said[True] or "—", text(lang, f"pairs.state.{row['state']}"), row["decision_id"] or "—",
        )  # fmt: skip
    cli.output.print(table)


@contextmanager
def _deciding(settings: Settings, lang: str) -> Iterator[store.Connection]:
    """The registry for one decision; a decision that cannot be taken is a wrong call, said in words."""
    with cli.told_plainly(lang):
        connection = decisions.in_registry(settings.registry_path)
        try:
            yield connection
        except DecisionProblem as problem:
            cli.stop(text(lang, f"cli_identity.problem_{problem.code}", about=problem.about))
        finally:
            connection.close()


def _two(settings: Settings, pair: list[str], lang: str) -> tuple[str, str]:
    if len(pair) == 2:
        return pair[0], pair[1]
    if len(pair) != 1 or not pair[0].startswith("p"):
        cli.stop(text(lang, "cli_identity.two_or_pair"))
    with cli.told_plainly(lang):
        connection = store.open_snapshot(settings.store)
        found = store.run(
            connection, "SELECT child_id, other_id FROM identity_pair WHERE pair_id = ?", [pair[0]]
        )
        connection.close()
    if not found:
        cli.stop(text(lang, "cli_identity.no_pair", pair=pair[0]))
    return str(found[0][0]), str(found[0][1])


def _decide(
    pair: list[str], decision: str, reason: str, by: str, settings: Settings, lang: str, as_json: bool
) -> None:
    first, second = _two(settings, pair, lang)
    with _deciding(settings, lang) as connection:
        made = decisions.decide(connection, first, second, decision, by, reason, _now())
    _log(settings, made, by, reason)
    _tell(made, "merged" if decision == decisions.SAME else "split", lang, as_json)


def _log(settings: Settings, made: Decision, by: str, reason: str) -> None:
    from dashboard import audit
    from dashboard.desk import open_desk

    subject = f"{made.first_ref}/{made.second_ref}"
    audit.append(open_desk(settings.store), by, None, audit.Action.IDENTITY_DECIDED, subject, reason)


def _tell(made: Decision, key: str, lang: str, as_json: bool) -> None:
    if as_json:
        cli.print_json(made._asdict())
    else:
        cli.output.print(text(lang, f"cli_identity.{key}", decision=made.decision_id))


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC).replace(tzinfo=None)


@app.command("merge")
def merge(
    pair: Pair,
    reason: Reason,
    by: By = OPERATOR,
    store_dir: cli.Store = None,
    lang: cli.Lang = "zh",
    as_json: cli.AsJson = False,
) -> None:
    """记为同一名儿童 / write down that two entries are one child.

    Example: shouhu identity merge p1a2b3c4d5e --reason 村委会核实 --store S
    """
    _decide(pair, decisions.SAME, reason, by, cli.settings_for(store_dir, lang), lang, as_json)


@app.command("split")
def split(
    pair: Pair,
    reason: Reason,
    by: By = OPERATOR,
    store_dir: cli.Store = None,
    lang: cli.Lang = "zh",
    as_json: cli.AsJson = False,
) -> None:
    """记为不是同一名儿童，也用来分开已合并的 / two children; takes a merge or an automatic joining apart.

    Example: shouhu identity split p1a2b3c4d5e --reason 双胞胎 --store S
    """
    _decide(pair, decisions.NOT_SAME, reason, by, cli.settings_for(store_dir, lang), lang, as_json)


@app.command("undo")
def undo(
    decision: Annotated[str, typer.Argument(help="判断编号 / the decision", show_default=False)],
    reason: Reason,
    by: By = OPERATOR,
    store_dir: cli.Store = None,
    lang: cli.Lang = "zh",
    as_json: cli.AsJson = False,
) -> None:
    """撤销一次判断 / take a decision back.

    Example: shouhu identity undo d1a2b3c4d5e --reason 判断有误 --store S
    """
    settings = cli.settings_for(store_dir, lang)
    with _deciding(settings, lang) as connection:
        undone = decisions.undo(connection, decision, by, _now())
    _log(settings, undone, by, f"undo: {reason}")
    _tell(undone, "undone", lang, as_json)
