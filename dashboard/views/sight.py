"""The current figures of an area and of those directly below it: what the parts of the first page read
from.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from dashboard.views.readings import Cells, Periods, Reading, reading
from dashboard.views.words import CodeWords, in_language, series_words


class Sight(NamedTuple):
    """What the parts of this page are made from."""

    lang: str
    heads: dict[str, dict[str, Any]]
    cells: Cells
    periods: Periods
    words: CodeWords
    areas: dict[str, str]

    def read(self, code: str, series: str, area: str) -> Reading:
        """The figure of the current period."""
        now, before = self.periods.current(self.heads[code]["period_kind"])
        return reading(self.lang, self.cells, code, series, area, now or "", before)

    def title(self, code: str, series: str = "") -> str:
        """Code and title, with the part where there are several."""
        name = in_language(self.heads[code], "title", self.lang)
        part = f" · {series_words(self.lang, series, self.words, code)}" if series else ""
        return f"{code} {name}{part}"
