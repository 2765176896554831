"""`shouhu intake`, `shouhu status`: what came in, and what an officer says about headings that no list foresees."""

from __future__ import annotations

import datetime as dt
import getpass
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from dashboard.commands import calls as cli
from dashboard.commands.building import judged
from dashboard.commands.receipts import print_state as print_receipts
from dashboard.commands.receipts import state_document as receipts_state
from dashboard.looks import kept
from dashboard.rereading import problem_words
from dashboard.settings import read_settings
from dashboard.texts import text
from dashboard.views.touching import reach
from data_contracts import messages
from data_contracts.forms import forms
from data_contracts.headings import mappings
from data_contracts.headings.mappings import MappingProblem, Mappings
from data_contracts.headings.unforeseen import Confirmation
from data_contracts.intake import FileOutcome, Intake
from data_contracts.judging.judge import JudgeError
from data_contracts.judging.verdicts import Occasion
from data_contracts.mending.open_items import Item
from models.touched import Touched, touched_together
from registry import store
from registry.deliveries import Message
from registry.settings import Settings
from registry.vault import Vault


def take_in(
    settings: Settings,
    vault: Vault,
    paths: list[Path],
    received_on: dt.date,
    sender: str | None,
    demo: bool = False,
    quiet: bool = False,
    confirmation: Confirmation | None = None,
    again: tuple[str, ...] = (),
) -> list[FileOutcome]:
    """Prepare the store, take the files in, read those of `again` from their originals, judge what changed."""
    store.prepare(settings.store, vault.fingerprint, demo)
    connection = store.open_file(settings.registry_path)
    try:
        show = cli.step_printer(quiet)
        intake = Intake(settings, vault, connection, received_on, sender, confirmation)
        outcomes = intake.take_in(paths, show, again)
    finally:
        connection.close()
    _judge(settings, "intake" if any(not outcome.already_known for outcome in outcomes) else "check")
    return outcomes


def _judge(settings: Settings, occasion: Occasion) -> None:
    """Run the checkpoint; what was taken in stands, whether or not the judge comes back with answers.

    Also where every file is known: an intake that was killed may have left tables unjudged.
    """
    try:
        judged(settings, occasion)
    except JudgeError as problem:
        cli.errors.print(text(settings.lang, "cli.not_judged", problem=problem))


def file_json(outcome: FileOutcome, lang: str) -> dict[str, Any]:
    """One file of the intake's JSON: rows_read = rows_accepted + rows_quarantined + rows_ignored."""
    delivery = outcome.delivery
    ignored = dict(pair.split("=") for pair in delivery.ignored_why.split(",") if pair)
    return {
        "file": outcome.file,
        "sha256": delivery.sha256,
        "status": "already_known" if outcome.already_known else delivery.status,
        "rows_read": delivery.rows_read,
        "rows_accepted": delivery.rows_accepted,
        "rows_quarantined": delivery.rows_quarantined,
        "rows_ignored": delivery.rows_ignored,
        "ignored": {reason: int(count) for reason, count in ignored.items()},
        "messages": [
            {**messages.as_json(m, outcome.file, lang), "touches": touches(outcome, m)._asdict()}
            for m in outcome.messages
        ],
    }


def touches(outcome: FileOutcome, message: Message) -> Touched:
    """What a fault of the intake touches: codes of indicators, facts, cards, targets of tiers."""
    if message.severity == "info":
        return touched_together([])
    severity = "reject_row" if message.severity == "error" else "accept_with_warning"
    named = outcome.delivery.forms.split(",")
    form = named[0] if message.row is not None and len(named) == 1 and named[0] in forms() else None
    if severity == "reject_row" and form is None and message.table:
        return touched_together([(message.table, None)])
    return reach(Item(outcome.delivery, message.sheet, message.row, severity, form, [message]), message)


def has_problems(outcomes: list[FileOutcome]) -> bool:
    """Whether a sender has something to mend."""
    fresh = [outcome for outcome in outcomes if not outcome.already_known]
    return any(
        outcome.delivery.rows_quarantined or any(m.severity == "error" for m in outcome.messages)
        for outcome in fresh
    )


def print_outcomes(outcomes: list[FileOutcome], lang: str) -> None:
    """The account of every file, then what to mend, for a person."""
    table = Table(title=text(lang, "cli.intake_title"), title_justify="left", pad_edge=False)
    for key in ("file", "status"):
        table.add_column(text(lang, f"cli.{key}"), overflow="fold")
    for key in ("rows_read", "rows_accepted", "rows_quarantined", "rows_ignored"):
        table.add_column(text(lang, f"cli.{key}"), justify="right")
    for outcome in outcomes:
        d = outcome.delivery
        status = "already_known" if outcome.already_known else d.status
        counts = (d.rows_read, d.rows_accepted, d.rows_quarantined, d.rows_ignored)
        table.add_row(outcome.file, text(lang, f"cli.status_{status}"), *map(str, counts))
    cli.output.print(table)
    for outcome in outcomes:
        for message in outcome.messages:
            if message.severity != "info":
                mark = text(lang, f"cli.severity_{message.severity}")
                cli.output.print(f"{mark} {messages.text_of(message, outcome.file, lang)}", markup=False)


def confirmation_of(file: Path | None, by: str | None, lang: str) -> Confirmation | None:
    """The officer's mapping in a file, checked; exit code 2 with file, key, expected and found where it is wrong."""
    if file is None:
        return None
    if not file.is_file():
        cli.stop(text(lang, "cli.no_such_path", path=file))
    try:
        mapping = mappings.read(file)
        mappings.check(mapping, file.name)
    except MappingProblem as problem:
        cli.stop(problem_words(problem, lang))
    return Confirmation(mapping, by or getpass.getuser(), dt.datetime.now(dt.UTC), file.name)


def propose(settings: Settings, outcomes: list[FileOutcome], folder: Path) -> list[Path]:
    """Write the open questions about these files into a folder, one mapping file a sheet, for an officer to mend."""
    files = {outcome.delivery.delivery for outcome in outcomes}
    asked = [one for one in Mappings(settings.mappings).waiting() if one.delivery in files]
    if asked:
        folder.mkdir(parents=True, exist_ok=True)
    written = []
    for number, one in enumerate(asked, 1):
        target = folder / ("MAPPING.toml" if len(asked) == 1 else f"MAPPING-{number}.toml")
        mappings.write(one, target)
        written.append(target)
    return written


def intake(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="文件或文件夹 / files or folders", show_default=False)
    ] = None,
    received_on: Annotated[
        str | None, typer.Option("--received-on", help="收到日期 / day of receipt")
    ] = None,
    sender: Annotated[
        str | None, typer.Option("--sender", help="报送单位 / sender, where the file names none")
    ] = None,
    map_file: Annotated[
        Path | None, typer.Option("--map", help="表头对照文件 / a mended mapping of headings")
    ] = None,
    propose_to: Annotated[
        Path | None,
        typer.Option("--propose", help="把待确认的表头对照写到此文件夹 / folder for open questions"),
    ] = None,
    again: Annotated[
        list[str] | None, typer.Option("--again", help="重新读取已收的文件 / read a kept delivery again")
    ] = None,
    by: Annotated[str | None, typer.Option("--by", help="对照由谁确认 / who confirms the mapping")] = None,
    store_dir: cli.Store = None,
    lang: cli.Lang = "zh",
    as_json: cli.AsJson = False,
) -> None:
    """收取台账 / take in ledgers.

    Example: shouhu intake ../shared/ledgers --store S
    """
    settings = cli.settings_for(store_dir, lang)
    if not paths and not again:
        cli.stop(text(lang, "mapping.no_paths"))
    for path in paths or []:
        if not path.exists():
            cli.stop(text(lang, "cli.no_such_path", path=path))
    confirmation = confirmation_of(map_file, by, lang)
    with cli.told_plainly(lang):
        vault = cli.vault_for(settings, create=True)
        day = cli.day(received_on) or dt.date.today()
        try:
            outcomes = take_in(
                settings, vault, paths or [], day, sender, quiet=as_json, confirmation=confirmation,
                again=tuple(again or ()),
            )  # fmt: skip
        except MappingProblem as problem:
            cli.stop(problem_words(problem, lang))
    written = propose(settings, outcomes, propose_to) if propose_to else []
    for path in written:
        cli.errors.print(text(lang, "mapping.proposed", path=path), markup=False)
    if as_json:
        cli.print_json({"files": [file_json(outcome, lang) for outcome in outcomes]})
    else:
        print_outcomes(outcomes, lang)
    raise typer.Exit(cli.PROBLEMS if has_problems(outcomes) else cli.GOOD)


def status(store_dir: cli.Store = None, lang: cli.Lang = "zh", as_json: cli.AsJson = False) -> None:
    """数据文件夹里有什么 / what the store holds.

    Example: shouhu status --store S
    """
    settings = cli.settings_for(store_dir, lang)
    manifest = store.manifest(settings.store)
    if not manifest:
        cli.stop(text(lang, "cli.no_store", path=settings.store))
    with cli.told_plainly(lang):
        connection = store.open_file(settings.registry_path, read_only=True)
        counts = store.run(
            connection,
            "SELECT count(*), coalesce(sum(rows_read), 0), coalesce(sum(rows_accepted), 0), "
            "coalesce(sum(rows_quarantined), 0), coalesce(sum(rows_ignored), 0), max(received_on) FROM delivery",
        )[0]
        connection.close()
    names = (
        "deliveries",
        "rows_read",
        "rows_accepted",
        "rows_quarantined",
        "rows_ignored",
        "last_received_on",
    )
    document: dict[str, Any] = dict(zip(names, counts, strict=True))
    document["demo"] = manifest["demo"]
    try:
        pointer = store.current(settings.store)
        document.update({name: pointer[name] for name in ("build_id", "as_of", "known_on")})
        looks = kept(settings.store)
        document["looks"] = len(looks)
        document["looks_bytes"] = sum(path.stat().st_size for path in looks)
        document["receipts"] = receipts_state(settings.store)
    except store.NoSnapshot:
        document["build_id"] = None
    if as_json:
        cli.print_json(document)
        return
    print_receipts(document.pop("receipts", None), lang)
    n, size = document.pop("looks", None), document.pop("looks_bytes", 0)
    if n:
        words = {"n": n, "megabytes": round(size / 1e6), "days": read_settings().looks.kept.value}
        said = text(lang, "replay.looks_words", **words)
        cli.output.print(f"{text(lang, 'replay.looks')}: {said}", markup=False)
    for name, value in document.items():
        shown = "—" if value is None else value
        cli.output.print(f"{text(lang, f'cli.{name}')}: {shown}", markup=False)
