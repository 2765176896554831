"""What became of one sheet: judged, left out with a reason, or of no known form; and what a whole file lacks."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from data_contracts import values
from data_contracts.form_rows import Judged
from data_contracts.forms import forms
from data_contracts.headings.headers import Match, nearest, row_kind
from data_contracts.headings.stated import title
from data_contracts.places import Sender
from registry.deliveries import Message
from registry.readers import Sheet
from registry.vault import Vault

NOTES_WIDTH = 2  # a sheet whose rows fill no more cells than this is prose
_NOTES = re.compile("说明|示例|指引|instruction|example|notes", re.IGNORECASE)


class SheetOutcome(NamedTuple):
    """One sheet: what was judged, or why it was not, and the account of its rows."""

    form: str | None
    judged: Judged
    sender: Sender
    reported_on: dt.date | None


def unjudged(vault: Vault, sheet: Sheet, found: Match | None) -> SheetOutcome:
    """A sheet that is left out with a reason (hidden, notes), or whose form is not known: every row in quarantine."""
    filled = [(i, row) for i, row in enumerate(sheet.rows) if row_kind(row) != "blank"]
    widths = [sum(1 for cell in row if values.clean(cell)) for _, row in filled]
    messages: list[Message] = []
    reason = None
    if sheet.hidden:
        reason = "hidden_sheet"
        messages.append(Message(sheet.name, None, None, None, "warning", "hidden_sheet"))
    elif (
        max(widths, default=0) <= NOTES_WIDTH and nearest(sheet.rows, sheet.kinds, title(sheet)) is None
    ) or (found is None and _NOTES.search(sheet.name)):
        reason = "notes"
    if reason:
        empty = Judged({}, messages, 0, [], Counter({reason: len(filled)}))
        return SheetOutcome(None, empty, Sender(), None)
    if found:
        expected = f"{found.form.zh}：{'、'.join(found.missing)}"
        messages.append(Message(sheet.name, found.first_row + 1, None, None, "error", "missing_heading",
                                expected=expected))  # fmt: skip
    else:
        close = nearest(sheet.rows, sheet.kinds, title(sheet))
        expected = f"{close.match.form.zh}（{'、'.join(close.match.missing)}）" if close else "—"
        messages.append(Message(sheet.name, None, None, None, "error", "unknown_form", expected=expected))
    code = messages[-1].code
    quarantined = [
        (sheet.name, i + 1, "", None, code, vault.seal("\x1f".join(row)), None) for i, row in filled
    ]
    return SheetOutcome(None, Judged({}, messages, 0, quarantined, Counter()), Sender(), None)


def about_file(outcomes: Sequence[SheetOutcome]) -> list[Message]:
    """What is to be said of a file as a whole: sheets that its workbook lacks, no row at all."""
    messages: list[Message] = []
    seen = {outcome.form for outcome in outcomes if outcome.form}
    for form in forms().values():
        companions = {f.id for f in forms().values() if f.workbook and f.workbook == form.workbook}
        if form.main and form.id not in seen and companions & seen:
            messages.append(
                Message(form.titles[0], None, None, None, "error", "missing_sheet", expected=form.zh)
            )
    rows = sum(o.judged.accepted + len(o.judged.quarantined) for o in outcomes)
    if rows == 0:
        messages.append(Message(None, None, None, None, "error", "empty_ledger"))
    return messages
