"""`shouhu cards list|show|diff|save|publish|back`: the versions of a district's cards and rules."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from dashboard.commands import calls as cli
from dashboard.commands.cards import app, complaints_about
from dashboard.desk import Desk, open_desk
from dashboard.texts import text
from dashboard.tuning import publish_by, save_by
from dashboard.views.tuning_words import changes_words, subject_words
from models.screening.rulebook import in_force
from models.strict_toml import FileProblem
from registry import store, versions
from registry.settings import Settings
from registry.versions import VersionProblem

Subject = Annotated[
    str,
    typer.Argument(
        help="visit_card | visit_rules | referral_card | referral_rules",
        metavar="SUBJECT",
        show_default=False,
    ),
]
Number = Annotated[
    int, typer.Argument(help="版本号，1 为默认 / version, 1 is the shipped one", show_default=False)
]
Reason = Annotated[str, typer.Option("--reason", help="理由 / why", show_default=False)]
By = Annotated[str, typer.Option("--by", help="谁发布，不能是作者 / who; not the author", show_default=False)]


@contextmanager
def told(lang: str) -> Iterator[None]:
    """A refused file ends with 1 and what is wrong in it, a version that cannot be with 2 and why."""
    with cli.told_plainly(lang):
        try:
            yield
        except VersionProblem as problem:
            cli.stop(text(lang, f"tuning.problem.{problem.code}", about=problem.about))
        except FileProblem as problem:
            for one in problem.complaints:
                cli.errors.print(one.sentence(lang), markup=False, soft_wrap=True)
            cli.stop(text(lang, "tuning.refused", n=len(problem.complaints)), cli.PROBLEMS)


def _known(subject: str) -> str:
    if subject not in in_force.subjects():
        raise typer.BadParameter(f"expected one of {', '.join(in_force.subjects())}, found {subject!r}")
    return subject


def _open(store_dir: Path | None, lang: str) -> Settings:
    settings = cli.settings_for(store_dir, lang)
    if not store.manifest(settings.store):
        cli.stop(text(lang, "cli.no_store", path=settings.store))
    return settings


def _desk(settings: Settings) -> Desk:
    return open_desk(settings.store)


@app.command("list")
def list_versions(store_dir: cli.Store = None, lang: cli.Lang = "zh", as_json: cli.AsJson = False) -> None:
    """各评分卡与规则的版本 / all versions: author, reason, by whom published, when withdrawn.

    Example: shouhu cards list --store S
    """
    settings = _open(store_dir, lang)
    with told(lang):
        found = [one for subject in in_force.subjects() for one in in_force.listed(settings.store, subject)]
    if as_json:
        cli.print_json({"versions": [one._asdict() for one in found]})
        return
    table = Table(show_lines=True)
    for key in ("subject_title", "number", "author", "why", "saved", "published", "state_title"):
        table.add_column(text(lang, f"tuning.{key}"), overflow="fold")
    for one in found:
        published = f"{one.published_by} {_minute(one.published_at)}" if one.published_at else "—"
        state = text(lang, f"tuning.state.{state_of(one)}")
        table.add_row(f"{subject_words(lang, one.subject)}\n{one.subject}", str(one.number), one.author,
                      one.reason or "—", _minute(one.saved_at), published, state)  # fmt: skip
    cli.output.print(table)


def state_of(one: in_force.Listed) -> str:
    """In force, switched off by its bar, withdrawn, or a draft that nobody has published."""
    if one.is_switched_off:
        return "switched_off"
    return "in_force" if one.is_in_force else "withdrawn" if one.withdrawn_at else "draft"


def _minute(at: dt.datetime | None) -> str:
    return "—" if at is None else at.isoformat(" ", "minutes")


@app.command("show")
def show(
    subject: Subject,
    number: Annotated[
        int | None, typer.Argument(help="版本号，默认现行 / version; the one in force", show_default=False)
    ] = None,
    store_dir: cli.Store = None,
    lang: cli.Lang = "zh",
    as_json: cli.AsJson = False,
) -> None:
    """一个版本的原文 / the text of a version, as it was saved.

    Example: shouhu cards show visit_card 2 --store S
    """
    settings = _open(store_dir, lang)
    with told(lang):
        listed = in_force.listed(settings.store, _known(subject))
        wanted = number or next(one.number for one in listed if one.is_in_force)
        content = in_force.text_of_version(settings.store, subject, wanted)
    one = next(one for one in listed if one.number == wanted)
    if as_json:
        cli.print_json({**one._asdict(), "text": content})
    else:
        typer.echo(content, nl=False)


@app.command("diff")
def diff(
    subject: Subject,
    first: Number,
    second: Number,
    store_dir: cli.Store = None,
    lang: cli.Lang = "zh",
    as_json: cli.AsJson = False,
) -> None:
    """两个版本的差别 / what differs between two versions; exit code 1 where anything does.

    Example: shouhu cards diff visit_card 1 2 --store S
    """
    settings = _open(store_dir, lang)
    with told(lang):
        both = [in_force.text_of_version(settings.store, _known(subject), one) for one in (first, second)]
        sentences = changes_words(lang, subject, both[0], both[1], dt.date.today())
    if as_json:
        document: dict[str, Any] = {
            "subject": subject,
            "first": first,
            "second": second,
            "changes": sentences,
        }
        cli.print_json(document)
    else:
        for sentence in sentences or [text(lang, "tuning.no_difference")]:
            cli.output.print(sentence, markup=False, soft_wrap=True)
    raise typer.Exit(cli.PROBLEMS if sentences else cli.GOOD)


@app.command("save")
def save(
    file: Annotated[
        Path, typer.Argument(help="评分卡或规则文件 / card or rules, as TOML", show_default=False)
    ],
    author: Annotated[str, typer.Option("--author", help="作者 / author", show_default=False)],
    reason: Reason,
    store_dir: cli.Store = None,
    lang: cli.Lang = "zh",
    as_json: cli.AsJson = False,
) -> None:
    """存为新版本，发布前不生效 / keep as a new version; nothing moves before it is published.

    Exit code 1 where the file is refused: file, line, what was expected, what was found.
    Example: shouhu cards save my_card.toml --author li.na --reason 本区讨论 --store S
    """
    settings = _open(store_dir, lang)
    content, subject = read_file(file, lang)
    with told(lang):
        made = save_by(settings.store, _desk(settings), author, None, subject, content, file.name, reason)
    if as_json:
        cli.print_json(made._asdict())
    else:
        cli.output.print(text(lang, "tuning.cli_saved", subject=subject, number=made.number), markup=False)


def read_file(file: Path, lang: str) -> tuple[str, str]:
    """(the text, its subject); the whole list of complaints and exit code 1 where it is refused."""
    try:
        content = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        cli.stop(text(lang, "cli_cards.unreadable", path=file))
    part, complaints = complaints_about(content, file.name)
    with told(lang):
        if complaints:
            raise FileProblem(complaints)
    target = in_force.target_of(content)
    return content, in_force.subject_of(target, part)


@app.command("publish")
def publish(
    subject: Subject,
    number: Number,
    by: By,
    reason: Reason,
    store_dir: cli.Store = None,
    lang: cli.Lang = "zh",
    as_json: cli.AsJson = False,
) -> None:
    """发布，须由作者以外的人 / let a version hold from the next build on; not by its author.

    Example: shouhu cards publish visit_card 2 --by wang.fang --reason 复核无误 --store S
    """
    _publish(store_dir, lang, as_json, _known(subject), number, by, reason)


@app.command("back")
def back(
    subject: Subject,
    by: By,
    reason: Reason,
    number: Annotated[
        int | None, typer.Option("--to", help="退回到哪一版 / to which version (default: the one before)")
    ] = None,
    store_dir: cli.Store = None,
    lang: cli.Lang = "zh",
    as_json: cli.AsJson = False,
) -> None:
    """退回以前的版本 / go back: publish an earlier version again.

    Example: shouhu cards back visit_card --by wang.fang --reason 效果不好 --store S
    """
    settings = _open(store_dir, lang)
    with told(lang):
        made = versions.publications(settings.store, _known(subject))
    if number is None:
        if not made:
            cli.stop(text(lang, "tuning.problem.never_published", about=subject))
        number = made[-2].number if len(made) > 1 else versions.SHIPPED
    _publish(store_dir, lang, as_json, subject, number, by, reason)


def _publish(
    store_dir: Path | None, lang: str, as_json: bool, subject: str, number: int, by: str, reason: str
) -> None:  # fmt: skip
    settings = _open(store_dir, lang)
    with told(lang):
        made = publish_by(settings.store, _desk(settings), by, None, subject, number, reason)
    if as_json:
        cli.print_json(made._asdict())
    else:
        cli.output.print(text(lang, "tuning.cli_published", subject=subject, number=number), markup=False)
