"""What a trial shows: levels before and after, who moves and why, the load per worker, the groups, past quarters."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import polars as pl

from dashboard.access import Permission, Reader, covers_area, require
from dashboard.texts import text
from dashboard.views.scope import Scope
from dashboard.views.tuning_words import place_words, reasons_words, tier_words
from dashboard.views.words import any_word, either, file_number
from models.planning.workload import Load, loads
from models.screening.rulebook import in_force
from models.screening.rulebook.card import ReadCard
from models.screening.rulebook.lanes import ReadRules
from models.screening.tuning.back_test import Outcomes, Quarter, back_test
from models.screening.tuning.effects import KINDS, NOT_RECORDED, Effect, effects
from models.screening.tuning.ground import ground_of
from models.screening.tuning.trial import Move, Trial, trial
from registry.settings import Settings

_TRIALS_KEPT = 8


class Result(NamedTuple):
    """One trial for one reader.  move_ids: in the order of the rows of `moves`; groups: kind → table."""

    summary: str
    levels: pl.DataFrame
    moves: pl.DataFrame
    move_ids: list[str]
    load_summary: str
    load: pl.DataFrame
    groups: dict[str, pl.DataFrame]


def result_of(store: Path, reader: Reader, lang: str, scope: Scope, subject: str, draft: str) -> Result:
    """The trial of a draft; Forbidden without the right to tune or to single cases."""
    require(reader, Permission.TUNE, Permission.VIEW_CHILDREN)
    ground = ground_of(store)
    _, rules = _read(subject, draft)
    found = _within(_tried(store, ground.build_id, subject, draft), reader)
    own_moves = [one for one in found.moves if one.kind != "passed"]
    work = []
    if found.target == "visit":
        after = rules.rules if rules else found.rules
        work = loads(
            ground.ask,
            ground.as_of,
            ground.has("worker_hours"),
            (found.before, found.rules),
            (found.after, after),
        )
    groups = effects(ground, found)
    hours = [sum(getattr(one, side).hours for one in work) for side in ("before", "after")]
    return Result(
        text(lang, "tuning.summary", **found.moved()),
        _levels(lang, found),
        _moves(lang, own_moves, scope),
        [one.child_id for one in own_moves],
        text(lang, "tuning.load_summary", before=f"{hours[0]:.0f}", after=f"{hours[1]:.0f}") if work else "",
        _load(lang, work, scope),
        {kind: _groups(lang, [one for one in groups if one.kind == kind], scope) for kind in KINDS},
    )


def _read(subject: str, draft: str) -> tuple[ReadCard | None, ReadRules | None]:
    read = in_force.read_version(subject, draft, subject)
    return (read, None) if isinstance(read, ReadCard) else (None, read)


@lru_cache(maxsize=_TRIALS_KEPT)
def _tried(store: Path, build_id: str, subject: str, draft: str) -> Trial:
    """Kept for a few drafts of a build: pseudonyms only, and rights are checked before and after."""
    target, _ = in_force.subjects()[subject]
    return trial(ground_of(store), target, *_read(subject, draft))


def _within(found: Trial, reader: Reader) -> Trial:
    """Only the children of the reader's areas."""
    sides = []
    for side in (found.before, found.after):
        places = {
            child: one for child, one in side.places.items() if covers_area(reader, one.village_code or "")
        }
        sides.append(side._replace(places=places))
    moves = tuple(one for one in found.moves if one.child_id in sides[0].places)
    return found._replace(before=sides[0], after=sides[1], moves=moves)


def _frame(lang: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=[text(lang, column) for column in columns], orient="row")


def _levels(lang: str, found: Trial) -> pl.DataFrame:
    rows = [
        (tier_words(lang, level), before, after, _signed(after - before))
        for level, (before, after) in found.levels().items()
    ]
    return _frame(lang, ("tuning.level", "tuning.before", "tuning.after", "tuning.difference"), rows)


def _signed(number: float) -> str:
    return "0" if not number else f"{number:+g}".replace("-", "−")


def _moves(lang: str, moves: Sequence[Move], scope: Scope) -> pl.DataFrame:
    rows = []
    for one in moves:
        gained, lost = reasons_words(lang, one)
        rows.append(
            (file_number(one.child_id), scope.name(one.before.village_code or ""), place_words(lang, one.before),
             place_words(lang, one.after), _change(one.before.points, one.after.points),
             f"{one.before.due_on} → {one.after.due_on}" if one.before.due_on != one.after.due_on else "",
             gained, lost)
        )  # fmt: skip
    columns = ("column.file_number", "column.unit", "tuning.from_place", "tuning.to_place", "tuning.points",
               "tuning.due", "tuning.gained", "tuning.lost")  # fmt: skip
    return _frame(lang, columns, rows)


def _change(before: object, after: object) -> str:
    return str(after) if before == after else f"{before} → {after}"


def _load(lang: str, work: Sequence[Load], scope: Scope) -> pl.DataFrame:
    rows = []
    for one in work:
        if one.post:
            who = text(
                lang, "plan.worker", post=text(lang, f"plan.{one.post}"), place=scope.name(one.org_code)
            )
        else:
            who = text(lang, "tuning.nobody")
        rows.append((who, one.before.children, one.after.children, round(one.before.hours, 1),
                     round(one.after.hours, 1), _signed(round(one.after.hours - one.before.hours, 1)),
                     round(one.hours_there_are, 1)))  # fmt: skip
    columns = ("plan.who", "tuning.children_before", "tuning.children_after", "tuning.hours_before",
               "tuning.hours_after", "tuning.difference", "plan.hours_there_are")  # fmt: skip
    return _frame(lang, columns, rows)


def _groups(lang: str, groups: Sequence[Effect], scope: Scope) -> pl.DataFrame:
    """Before → after with shares of the group, so that a small group is seen beside a large one."""
    if not groups:
        return pl.DataFrame()
    rows = []
    for one in groups:
        cells = [_cell(before, after, one.n) for before, after in one.levels.values()]
        rows.append((group_words(lang, one, scope), one.n, one.raised, one.lowered, *cells))
    names = [text(lang, key) for key in ("tuning.group", "tuning.n", "tuning.raised", "tuning.lowered")]
    levels = [tier_words(lang, level) for level in groups[0].levels]
    return pl.DataFrame(rows, schema=[*names, *levels], orient="row")


def _cell(before: int, after: int, n: int) -> str:
    if before == after:
        return f"{before} ({before / n:.0%})"
    return f"{before} ({before / n:.0%}) → {after} ({after / n:.0%})"


def group_words(lang: str, one: Effect, scope: Scope) -> str:
    """What a group is called."""
    if one.group == NOT_RECORDED:
        return text(lang, "tuning.not_recorded")
    if one.kind == "township":
        return scope.name(one.group)
    if one.kind == "missing":
        return text(lang, "tuning.missing_facts", n=one.group)
    return either(lang, f"tuning.group_of.{one.kind}.{one.group}", any_word({}, one.group))


def past_quarters(
    settings: Settings, reader: Reader, lang: str, subject: str, draft: str
) -> tuple[pl.DataFrame, str]:  # fmt: skip
    """(past quarters: level, children with yes, no, unknown under what holds and what is tried; what was looked at).

    Whole district, because a share of a few villages says nothing: Forbidden without the right to tune.
    """
    require(reader, Permission.TUNE, Permission.VIEW_CHILDREN)
    target, _ = in_force.subjects()[subject]
    held = ground_of(settings.store).held[target]
    found = back_test(settings, target, held, *_read(subject, draft))
    return _quarters(lang, found), text(lang, f"tuning.outcome.{target}")


def _quarters(lang: str, found: Sequence[Quarter]) -> pl.DataFrame:
    rows = []
    for one in found:
        for level in one.held:
            cells = [_outcome(lang, side[level]) for side in (one.held, one.tried)]
            rows.append(
                (
                    str(one.day),
                    tier_words(lang, level),
                    one.held[level].n,
                    cells[0],
                    one.tried[level].n,
                    cells[1],
                )
            )
    columns = ("tuning.quarter_end", "tuning.level", "tuning.n_held", "tuning.outcome_held", "tuning.n_tried",
               "tuning.outcome_tried")  # fmt: skip
    return _frame(lang, columns, rows)


def _outcome(lang: str, one: Outcomes) -> str:
    return text(lang, "tuning.outcomes", yes=one.yes, no=one.no, unknown=one.unknown)
