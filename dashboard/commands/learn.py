"""`shouhu learn`, `shouhu cards evaluate`, `… model-card`: cards proposed and tried; nothing is published here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from dashboard.commands import calls as cli
from dashboard.commands.card_versions import Number, told
from dashboard.commands.cards import app
from dashboard.desk import open_desk
from dashboard.exports.blocks import Document
from dashboard.exports.plain_text import markdown_of
from dashboard.exports.web_page import page_of
from dashboard.exports.word_file import MissingExtra, word_of
from dashboard.texts import text
from dashboard.views.learned_words import report_lines
from dashboard.views.model_card import model_card
from models.learning.proposing.gathering import GRAVE, OUTCOMES
from models.learning.proposing.judging import Judged
from models.learning.proposing.refusals import LearningRefused
from models.screening.rulebook import in_force
from registry import store

ENDINGS = (".docx", ".html", ".md")
From = Annotated[str, typer.Option("--from", help="学习期首日 / first day to learn from", show_default=False)]
To = Annotated[str, typer.Option("--to", help="末日 / last day, for learning and test", show_default=False)]
Outcome = Annotated[str, typer.Option("--outcome", help="serious 严重 | any 任何发现 / what counts as found")]
Capacity = Annotated[
    int | None,
    typer.Option("--capacity", min=1, help="一份名单能走访几人 / visits a list has room for (default: as were made)"),
]  # fmt: skip


@contextmanager
def refused_plainly(lang: str, as_json: bool) -> Iterator[None]:
    """A refusal to learn ends with 1 and its reasons, one a line."""
    with told(lang):
        try:
            yield
        except LearningRefused as refused:
            if as_json:
                cli.print_json({"refused": [one.document(lang) for one in refused.refusals]})
            for one in refused.refusals:
                cli.errors.print(one.sentence(lang), markup=False, soft_wrap=True)
            cli.stop(text(lang, "learned.refused"), cli.PROBLEMS)


def learn(
    first: From,
    last: To,
    target: Annotated[str, typer.Option("--target", help="visit 走访 | referral 心理转介")] = "visit",
    lines: Annotated[int, typer.Option("--lines", min=1, max=12, help="最多几行 / lines at most")] = 8,
    correct_expert: Annotated[
        bool,
        typer.Option("--correct-expert", help="只学对专家卡的修正 / only a correction to the expert card"),
    ] = False,
    facts: Annotated[
        str | None, typer.Option("--facts", help="只用这些事实，逗号分隔 / these facts alone, with commas")
    ] = None,
    outcome: Outcome = GRAVE,
    capacity: Capacity = None,
    out: Annotated[Path | None, typer.Option("--out", help="写入 TOML / write the card to FILE.toml")] = None,
    store_dir: cli.Store = None,
    lang: cli.Lang = "zh",
    as_json: cli.AsJson = False,
) -> None:
    """由走访结果提出评分卡，只提出不发布 / propose a card from what visits found; nothing is published.

    Prints the card as TOML on standard output and its report on standard error.  Exit codes: 0 proposed, 1 refused
    with the reason (too few outcomes, a fact that nobody may be scored by), 2 a wrong call.
    Example: shouhu learn --target visit --from 2025-10-01 --to 2026-09-30 --out proposed.toml --store S
    """
    from models.learning.proposing.offering import keep, propose_from_store
    from models.learning.proposing.proposal import Wanted

    settings = cli.settings_for(store_dir, lang)
    start, end = _span(first, last)
    _one_of("--target", target, ("visit", "referral"))
    _one_of("--outcome", outcome, OUTCOMES)
    names = [one.strip() for one in facts.split(",") if one.strip()] if facts else None
    with refused_plainly(lang, as_json):
        wanted = Wanted(lines, outcome, correct_expert, capacity)
        found = propose_from_store(settings, target, start, end, wanted, names)
        keep(settings, target, found.text, found, _now(settings.store))
    if out:
        out.write_text(found.text, "utf-8")
    document = found.document()
    if as_json:
        cli.print_json({"card": found.text, "report": document, "swap": _children(found.judged)})
        return
    if out is None:
        typer.echo(found.text, nl=False)
    for line in report_lines(lang, document):
        cli.errors.print(line, markup=False, soft_wrap=True)


@app.command("evaluate")
def evaluate(
    subject: Annotated[str, typer.Argument(help="visit_card | referral_card", show_default=False)],
    number: Number,
    first: From,
    last: To,
    outcome: Outcome = GRAVE,
    capacity: Capacity = None,
    store_dir: cli.Store = None,
    lang: cli.Lang = "zh",
    as_json: cli.AsJson = False,
) -> None:
    """在后来的名单上检验一个版本 / try a version on later lists; the bars of publication read what is kept here.

    Exit code 1 where it cannot be judged, with the reason.
    Example: shouhu cards evaluate visit_card 2 --from 2025-10-01 --to 2026-09-30 --store S
    """
    from models.learning.proposing.offering import evaluate_version, keep

    settings = cli.settings_for(store_dir, lang)
    start, end = _span(first, last)
    _one_of("SUBJECT", subject, ("visit_card", "referral_card"))
    _one_of("--outcome", outcome, OUTCOMES)
    with refused_plainly(lang, as_json):
        content = in_force.text_of_version(settings.store, subject, number)
        found = evaluate_version(settings, subject, number, start, end, outcome, capacity)
        keep(settings, subject.removesuffix("_card"), content, found, _now(settings.store))
        switched_off = in_force.holding(settings.store, subject)[1]
    document = found.document()
    if as_json:
        cli.print_json({"report": document, "swap": _children(found), "switched_off": switched_off or None})
        return
    for line in report_lines(lang, document):
        cli.output.print(line, markup=False, soft_wrap=True)
    if switched_off:
        cli.output.print(text(lang, "learned.switched_off", number=switched_off), markup=False)


@app.command("model-card")
def model_card_command(
    subject: Annotated[str, typer.Argument(help="visit_card | referral_card", show_default=False)],
    number: Number,
    out: Annotated[Path, typer.Option("--out", help="FILE.docx | FILE.html | FILE.md", show_default=False)],
    store_dir: cli.Store = None,
    lang: cli.Lang = "zh",
    as_json: cli.AsJson = False,
) -> None:
    """写出一个版本的模型说明 / write a version's model card: purpose, data, figures, limits, who answers for it.

    Example: shouhu cards model-card visit_card 2 --out model_card.docx --store S
    """
    settings = cli.settings_for(store_dir, lang)
    _one_of("SUBJECT", subject, ("visit_card", "referral_card"))
    if out.suffix not in ENDINGS:
        raise typer.BadParameter(
            f"--out: expected a name that ends in {', '.join(ENDINGS)}, found {out.name}"
        )
    with told(lang):
        found, document = model_card(settings.store, lang, subject, number, _area_names(settings.store))
    made_on = found.at if found else dt.datetime.combine(dt.date.today(), dt.time())
    try:
        content = _written(document, out.suffix, made_on)
    except MissingExtra as missing:
        cli.stop(str(missing))
    out.write_bytes(content)
    if as_json:
        cli.print_json({"path": str(out), "subject": subject, "number": number, "bytes": len(content)})
    else:
        cli.output.print(text(lang, "model_card.written", path=out), markup=False)


def _written(document: Document, ending: str, made_on: dt.datetime) -> bytes:
    if ending == ".docx":
        return word_of(document, made_on)
    return (page_of(document) if ending == ".html" else markdown_of(document)).encode("utf-8")


def _area_names(place: Path) -> dict[str, str]:
    """Code → name of the areas; empty where nothing is built."""
    try:
        connection = store.open_snapshot(place)
    except store.NoSnapshot:
        return {}
    try:
        return {
            str(code): str(name) for code, name in store.run(connection, "SELECT area_code, name FROM area")
        }
    finally:
        connection.close()


def _span(first: str, last: str) -> tuple[dt.date, dt.date]:
    start, end = cli.day(first), cli.day(last)
    if start is None or end is None or start > end:
        raise typer.BadParameter(
            f"--from, --to: expected a first day not after the last, found {first}, {last}"
        )
    return start, end


def _one_of(name: str, given: str, known: tuple[str, ...]) -> None:
    if given not in known:
        raise typer.BadParameter(f"{name}: expected one of {', '.join(known)}, found {given!r}")


def _now(place: Path) -> dt.datetime:
    if not store.manifest(place):
        raise store.NoSnapshot(f"{place}: expected a store, found none")
    return open_desk(place).clock().replace(tzinfo=None)


def _children(found: Judged) -> dict[str, Any]:
    """Who would enter and who would leave, by pseudonym: for the operator of this machine, never kept."""
    return {"entering": list(found.swap.entering), "leaving": list(found.swap.leaving)}
