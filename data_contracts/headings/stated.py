"""What a sheet says of itself above its headings: its title, who filled it in, and when."""

from __future__ import annotations

import datetime as dt
import re

from data_contracts import values
from registry.readers import Sheet

# A blank left empty is followed by the next blank's own words.
_SENDER = re.compile(r"填报(?:单位|部门)[:：]\s*(?!(?:填报|报送|制表)(?:日期|时间))(\S+)")
_REPORTED = re.compile(r"(?:填报|报送|制表)(?:日期|时间)[:：]\s*(\S+)")


def title(sheet: Sheet) -> str:
    """The sheet's name with the first words above its headings, in simplified characters."""
    above = [cell for row in sheet.rows[:4] for cell in row if values.clean(cell)]
    return values.simplified(sheet.name + "　" + "　".join(above[:3]))


def said(sheet: Sheet, before: int) -> tuple[str | None, dt.date | None]:
    """Who filled the sheet in and when, from the rows above its headings."""
    text = "　".join(values.simplified(cell) for row in sheet.rows[:before] for cell in row if cell)
    sender, reported = _SENDER.search(text), _REPORTED.search(text)
    day = values.date(reported[1]) if reported else values.BLANK
    return (sender[1] if sender else None), (None if day.fault else day.value)
