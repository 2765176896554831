"""What a form of tuning holds, as the text of a version; and what differs between two versions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from dashboard.access import Permission, Reader, require
from dashboard.views.tuning import TuningPage
from dashboard.views.tuning_words import changes_words
from models.screening.rulebook import in_force
from models.screening.rulebook.card import Card
from models.screening.rulebook.lanes import Tiers
from models.screening.tuning.drafting import LineDraft, RulesDraft, drafted_card, drafted_rules
from models.screening.tuning.reshaping import shape_of
from models.screening.tuning.writing import remarks_of
from models.strict_toml import FileProblem


def drafted(
    page: TuningPage,
    lines: Sequence[LineDraft] | None,
    rules: RulesDraft | None,
    author: str,
    day: dt.date,
) -> str | None:
    """The text of what a form holds; None where it holds what the base holds already."""
    start = shape_of(page.subject, page.working)
    remarks = remarks_of(page.working)
    if isinstance(start, Card) and lines is not None:
        made = drafted_card(start, lines, page.number, author, day, remarks)
    elif isinstance(start, Tiers) and rules is not None:
        made = drafted_rules(start, rules, author, day, remarks)
    else:
        return None
    return None if _is_same(page, made, day) else made


def _is_same(page: TuningPage, made: str, day: dt.date) -> bool:
    """Whether the text says what the base says, whoever wrote it and when."""
    base = shape_of(page.subject, page.base_text)
    try:
        now = shape_of(page.subject, made)
    except FileProblem:
        return False
    if isinstance(base, Card) and isinstance(now, Card):
        return (base.lines, base.raises) == (now.lines, now.raises)
    same = {"author": "", "reviewed_on": day}
    return base.model_copy(update=same) == now.model_copy(update=same)


def differences(
    store: Path, reader: Reader, lang: str, subject: str, before: int, after: int
) -> list[str]:  # fmt: skip
    """What differs between two versions, a sentence each."""
    require(reader, Permission.PUBLISH_CARD)
    both = [in_force.text_of_version(store, subject, number) for number in (before, after)]
    return changes_words(lang, subject, both[0], both[1], dt.date.today())
