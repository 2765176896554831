"""Figures, definitions and ledgers of a pack in words: no code of ours is left for people to guess at."""

from __future__ import annotations

from typing import Any, NamedTuple

from dashboard.exports.content import HIDDEN, NOT_APPLICABLE, OK, UNKNOWN, Content, Figure
from dashboard.exports.periods import span_words
from dashboard.texts import text
from dashboard.views.indicator_page import partner_codes
from dashboard.views.thresholds import threshold
from dashboard.views.words import NOTHING, CodeWords, amount, difference, either, in_language, series_words
from data_contracts.forms import forms
from models.parameters import ParameterError, dated_on


def hidden_words() -> str:
    """How a number is written that was taken away to protect children: <10*."""
    return f"<{threshold('small_number'):.0f}*"


class Wording(NamedTuple):
    """The words of one content in one language."""

    lang: str
    content: Content

    def say(self, key: str, **values: object) -> str:
        """A text of the pack."""
        return text(self.lang, f"pack.{key}", **values)

    def title(self, code: str, series: str = "") -> str:
        """Code, name and part of an indicator."""
        name = in_language(self.content.heads[code], "title", self.lang)
        part = f" · {self.series(series, code)}" if series else ""
        return f"{code} {name}{part}"

    def series(self, series: str, code: str = "") -> str:
        """The part of a measure; parts that are pairs of departments say both."""
        if "→" in series:
            return "→".join(
                series_words(self.lang, one, self.content.words[self.lang]) for one in series.split("→")
            )
        if ".." in series:
            return " – ".join(series.split(".."))
        return series_words(self.lang, series, self.content.words[self.lang], code)

    def titled(self, figure: Figure) -> str:
        """The indicator with its period, where this is not the pack's."""
        span = self.content.chosen[self.content.heads[figure.code]["period_kind"]].now
        title = self.title(figure.code, figure.series)
        is_same = span.period == self.content.span.period
        return title if is_same else self.say("with_period", title=title, period=span_words(self.lang, span))

    def area(self, code: str) -> str:
        """The name of an area."""
        return self.content.areas.get(code) or code

    def unit(self, figure: Figure) -> str:
        """The unit of a figure."""
        return figure.unit

    def value(self, figure: Figure) -> str:
        """The value with its unit, or why there is none."""
        if figure.status == HIDDEN:
            return hidden_words() if self.unit(figure) == "count" else self.say("not_shown")
        if figure.status == UNKNOWN:
            return self.say("all_unknown")
        if figure.status == "not_reached":
            return text(self.lang, "status.not_reached")
        if figure.status == NOT_APPLICABLE or figure.value is None:
            return self.say("not_applicable")
        return amount(self.lang, figure.value, self.unit(figure), figure.code)

    def n(self, figure: Figure, name: str) -> str:
        """How many yes, no or unknown."""
        if figure.status == HIDDEN:
            return hidden_words()
        found = getattr(figure, name)
        return NOTHING if found is None else f"{found:,}"

    def interval(self, figure: Figure) -> str:
        """The interval, or a dash."""
        if figure.low is None or figure.high is None:
            return NOTHING
        unit = self.unit(figure)
        if unit == "share":
            return f"{100 * figure.low:.1f}%–{100 * figure.high:.1f}%"
        return f"{amount(self.lang, figure.low, unit)}–{amount(self.lang, figure.high, unit)}"

    def evidence(self, figure: Figure) -> str:
        """The part that is known; marked where it is too small."""
        if figure.evidence is None:
            return NOTHING
        mark = "△" if figure.evidence < threshold("evidence_low") and figure.status in (OK, UNKNOWN) else ""
        # Rounded down: 79.6 % must not read as the 80 % that it misses.
        return f"{int(100 * figure.evidence + 1e-9)}%{mark}"

    def change(self, figure: Figure) -> str:
        """The change since the period before; ! where it went the wrong way by more than chance."""
        if figure.value is None or figure.before is None:
            return NOTHING
        words = difference(self.lang, figure.value, figure.before, self.unit(figure))
        if not any(mark in words for mark in "123456789"):
            words = words.lstrip("+−")  # a change too small to be seen has no direction to be seen
        return words + ("!" if figure.direction == "worse" and figure.is_clear else "")

    def partners(self, figure: Figure, between: str = "") -> str:
        """The honesty partners with their values in the same area."""
        found = [self._partner(code, figure.area) for code in partner_codes(self.content.heads[figure.code])]
        return (between or self.say("between")).join(one for one in found if one) or NOTHING

    def _partner(self, code: str, area: str) -> str:
        mine = [one for one in self.content.figures if one.code == code and one.area == area]
        return f"{code}\u00a0{self.value(mine[0])}" if mine else ""

    def head(self, code: str, name: str) -> str:
        """A sentence of the definition."""
        return in_language(self.content.heads[code], name, self.lang)

    def owner(self, code: str) -> str:
        """Who leads."""
        head = self.content.heads[code]
        english = str(head.get("owner_en") or "") if self.lang == "en" else ""
        return english or _department(str(head.get("owner") or ""), self.content.words[self.lang]) or NOTHING

    def parameters(self, code: str) -> str:
        """The policy parameters with the value that held on the day of the period."""
        head = self.content.heads[code]
        day = self.content.chosen[head["period_kind"]].now.snapshot_on
        found = []
        for name in str(head.get("parameters") or "").replace(",", " ").split():
            try:
                dated = dated_on(name, day)
            except ParameterError:
                continue  # named by an older build and gone since: its value can't be vouched for
            words = dated.zh if self.lang == "zh" else dated.en
            found.append(
                self.say("parameter", name=words, value=dated.value, unit=self.say(f"in_unit.{dated.unit}"))
            )
        return self.say("between").join(found) or NOTHING

    def sender(self, name: Any) -> str:
        """Who sent a file, if it is a unit of the ledgers: a free text could be somebody's name."""
        return str(name) if name in self.content.senders else self.say("other_sender")

    def forms(self, row: dict[str, Any]) -> str:
        """Which ledgers a file held."""
        named = str(row.get("forms") or row.get("form") or "")
        ids = [one for one in named.replace(",", " ").split() if one in forms()]
        names = [getattr(forms()[one], self.lang) for one in ids]
        return self.say("between").join(dict.fromkeys(names)) or self.say("other_form")

    def ledger(self, table: str) -> str:
        """The name of a ledger."""
        return either(self.lang, f"table.{table}", self.say("other_form"))

    def check(self, row: dict[str, Any]) -> str:
        """What a check asks for."""
        return str(row.get(self.lang) or row.get("zh") or NOTHING)


def _department(owner: str, words: CodeWords) -> str:
    """The department that answers for an indicator, in words."""
    return words.get("department", {}).get(owner, owner)
