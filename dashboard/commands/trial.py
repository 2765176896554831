"""`shouhu trial`: what a card or rules would do, on the facts of the published build; nothing is changed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from dashboard.commands import calls as cli
from dashboard.commands.card_versions import read_file, told
from dashboard.texts import text
from dashboard.views.tuning_words import place_words, reasons_words, tier_words
from models.planning.workload import Load, loads
from models.screening.rulebook import in_force
from models.screening.rulebook.card import ReadCard
from models.screening.rulebook.lanes import ReadRules
from models.screening.tuning.back_test import Quarter, back_test
from models.screening.tuning.effects import Effect, effects
from models.screening.tuning.ground import Ground, ground_of
from models.screening.tuning.trial import Trial
from models.screening.tuning.trial import trial as tried


def trial(
    file: Annotated[
        Path, typer.Argument(help="评分卡或规则文件 / card or rules, as TOML", show_default=False)
    ],
    quarters: Annotated[
        int, typer.Option("--quarters", min=0, max=8, help="回测几个季度 / past quarters to test on")
    ] = 0,
    limit: Annotated[
        int, typer.Option("--limit", help="显示几名（JSON 全部）/ rows shown (JSON gives all)")
    ] = 30,
    store_dir: cli.Store = None,
    lang: cli.Lang = "zh",
    as_json: cli.AsJson = False,
) -> None:
    """试算：谁动、工作量、各类儿童 / try a card or rules: who moves and why, whose load, which groups.

    Exit codes: 0 tried, 1 the file is refused, 2 a wrong call.
    Example: shouhu trial my_card.toml --quarters 4 --store S
    """
    settings = cli.settings_for(store_dir, lang)
    with told(lang):
        content, subject = read_file(file, lang)
        ground = ground_of(settings.store)
        read = in_force.checked(subject, content, file.name, ground.as_of)
        target, _ = in_force.subjects()[subject]
        card, rules = (read, None) if isinstance(read, ReadCard) else (None, read)
        found = tried(ground, target, card, rules)
        past = back_test(settings, target, ground.held[target], card, rules, quarters) if quarters else []
    groups, work = effects(ground, found), load_of(ground, found, rules)
    if as_json:
        cli.print_json(document(found, groups, work, past))
    else:
        _print(found, work, limit, lang)


def load_of(ground: Ground, found: Trial, rules: ReadRules | None) -> list[Load]:
    """The load per worker, for the list of visits; the other list sends nobody to a door."""
    if found.target != "visit":
        return []
    after = rules.rules if rules else found.rules
    return loads(
        ground.ask,
        ground.as_of,
        ground.has("worker_hours"),
        (found.before, found.rules),
        (found.after, after),
    )


def document(found: Trial, groups: list[Effect], work: list[Load], past: list[Quarter]) -> dict[str, Any]:
    """Everything that a trial tells, as one document."""
    levels = {level: {"before": before, "after": after} for level, (before, after) in found.levels().items()}
    moves = [
        {"child_id": one.child_id, "kind": one.kind, "from": _place(one.before), "to": _place(one.after),
         "gained": [why._asdict() for why in one.gained], "lost": [why._asdict() for why in one.lost]}
        for one in found.moves
    ]  # fmt: skip
    return {
        "target": found.target,
        "build_id": found.build_id,
        "as_of": found.as_of,
        "levels": levels,
        "moved": found.moved(),
        "moves": moves,
        "groups": [
            {**one._asdict(), "levels": {k: {"before": b, "after": a} for k, (b, a) in one.levels.items()}}
            for one in groups
        ],
        "load": [
            {"post": one.post, "org_code": one.org_code, "before": one.before._asdict(),
             "after": one.after._asdict(), "hours_there_are": one.hours_there_are}
            for one in work
        ],
        "quarters": [
            {"day": one.day, "until": one.until, "n": one.n,
             **{side: {level: outcome._asdict() for level, outcome in getattr(one, side).items()}
                for side in ("held", "tried")}}
            for one in past
        ],
    }  # fmt: skip


def _place(one: Any) -> dict[str, Any]:
    return {"rank": one.rank, "lane": one.lane, "tier": one.tier, "points": one.points, "due_on": one.due_on}


def _print(found: Trial, work: list[Load], limit: int, lang: str) -> None:
    counted = found.moved()
    cli.output.print(text(lang, "tuning.summary", **counted), markup=False)
    for level, (before, after) in found.levels().items():
        cli.output.print(f"{tier_words(lang, level)}: {before} → {after}", markup=False)
    table = Table(title=text(lang, "tuning.moves"), title_justify="left", show_lines=True)
    for key in ("from_place", "to_place", "points", "gained", "lost"):
        table.add_column(text(lang, f"tuning.{key}"), overflow="fold")
    for one in [move for move in found.moves if move.kind != "passed"][:limit]:
        points = f"{one.before.points} → {one.after.points}"
        table.add_row(place_words(lang, one.before), place_words(lang, one.after), points,
                      *(words or "—" for words in reasons_words(lang, one)))  # fmt: skip
    cli.output.print(table)
    if work:
        before, after = (sum(getattr(one, side).hours for one in work) for side in ("before", "after"))
        cli.output.print(
            text(lang, "tuning.load_summary", before=f"{before:.0f}", after=f"{after:.0f}"), markup=False
        )
