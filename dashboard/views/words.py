"""Numbers, series and codes in words: what people read instead of identifiers."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import polars as pl

from dashboard.snapshot import Build, Snapshot
from dashboard.texts import MissingText, text
from data_contracts.vocabularies import vocabularies
from models.measure import indicators
from models.screening.rulebook.card import cards
from models.screening.rulebook.in_force import used_by

NOTHING = "—"
IN_PER_CENT = ("share", "growth")
FILE_NUMBER_LENGTH = 8  # characters of the pseudonym: enough to tell a district's children apart
_OVERDUE = re.compile(r"(plan|tier)>(\d+)d")
_OVER_SHARE = re.compile(r"children>=(\d+)%")
CodeWords = dict[str, dict[str, str]]


def either(lang: str, key: str, otherwise: str) -> str:
    """The text under a key, or `otherwise` for codes that came after the texts."""
    try:
        return text(lang, key)
    except MissingText:
        return otherwise


def amount(lang: str, value: float | None, unit: str, code: str = "") -> str:
    """A value with its unit: 86.7%, 1,204 人, 12 天, ¥3,500; a dash where there is none."""
    if value is None:
        return NOTHING
    if unit == "growth":  # may go beyond 100 % either way
        return f"{100 * value:+.1f}%".replace("-", "−")
    if unit in IN_PER_CENT:
        return f"{100 * value:.1f}%"
    if unit == "count":
        people = either(lang, f"unit.of.{code}", "") or either(lang, f"unit.of.{code.partition('_')[0]}", "")
        return f"{value:,.0f}{people}"
    digits = {"days": 0, "money": 0}.get(unit, 1)
    return text(lang, f"unit.{unit}", value=f"{value:,.{digits}f}")


def interval(lang: str, low: float | None, high: float | None, unit: str) -> str:
    """The interval in words, or nothing where a figure has none."""
    if low is None or high is None:
        return ""
    return text(lang, "card.interval", low=amount(lang, low, unit), high=amount(lang, high, unit))


def difference(lang: str, now: float | None, before: float | None, unit: str) -> str:
    """The change since another period: percentage points for shares, the unit otherwise."""
    if now is None or before is None:
        return ""
    sign = "+" if now >= before else "−"
    size = abs(now - before)
    if unit in IN_PER_CENT:
        return sign + text(lang, "unit.points", value=f"{100 * size:.1f}")
    return sign + amount(lang, size, unit)


def scale(unit: str) -> float:
    """By what a value is multiplied for a table or an axis: shares are shown in per cent."""
    return 100.0 if unit in IN_PER_CENT else 1.0


def unit_name(lang: str, unit: str) -> str:
    """The unit for a column or axis title."""
    return text(lang, f"unit.name.{unit}")


def code_words(snapshot: Snapshot, lang: str) -> CodeWords:
    """Vocabulary → code → word of the language, as the build published them."""
    if not snapshot.has("code_list"):
        return {}
    rows = snapshot.frame("SELECT vocabulary, code, zh, en FROM code_list")
    found: CodeWords = {}
    for vocabulary, code, chinese, english in rows.iter_rows():
        found.setdefault(vocabulary, {})[code] = chinese if lang == "zh" else english
    return found


def any_word(words: CodeWords, code: str, *preferred: str) -> str:
    """The word of a code, looked for in the preferred vocabularies first."""
    for vocabulary in (*preferred, *words):
        if code in words.get(vocabulary, {}):
            return words[vocabulary][code]
    return code


def series_words(lang: str, series: str, words: CodeWords, code: str = "") -> str:
    """The part of a measure in words, those of its head where it names the part: `plan>30d` is 逾期超过30天."""
    if not series:
        return text(lang, "series.all")
    if code in indicators() and series in indicators()[code].head.series:
        named = indicators()[code].head.series[series]
        return named.zh if lang == "zh" else named.en
    known = either(lang, f"series.{series.replace('.', '_')}", "")
    if known:
        return known
    if match := _OVERDUE.fullmatch(series):
        return text(lang, f"series.overdue_{match[1]}", days=match[2])
    if match := _OVER_SHARE.fullmatch(series):
        return text(lang, "series.children_over", share=match[1])
    if "→" in series:
        return "→".join(_department(lang, name) for name in series.split("→"))
    prefix, _, rest = series.partition(".")
    if rest and prefix in ("exit", "cumulative_in_year"):
        return text(lang, f"series.{prefix}", item=any_word(words, rest, "close_reason", "budget_item"))
    return any_word(words, series, "relief_scheme", "department", "budget_item")


def _department(lang: str, name: str) -> str:
    """A department that a measure names in Chinese (卫健→教育), in the language; the name itself where unknown."""
    for one in vocabularies()["department"].values:
        if name in (one.code, one.zh):
            return one.zh if lang == "zh" else one.en
    return name


def series_label(series: str, lang: str) -> str:
    """The part of a measure in words, from the code lists of this version rather than of a build."""
    words = {
        name: {one.code: one.zh if lang == "zh" else one.en for one in vocabulary.values}
        for name, vocabulary in vocabularies().items()
    }
    return series_words(lang, series, words)


def file_number(child_id: str) -> str:
    """The short number under which a child is shown: the end of the pseudonym, no part of an identity."""
    start = child_id[-FILE_NUMBER_LENGTH:].upper()
    return f"{start[:4]}-{start[4:]}"


def clause_words(lang: str, clause: str | None) -> str:
    """An article in words of the language: 四·2 is a section of the district's measures."""
    if not clause:
        return NOTHING
    if clause[0] in "一二三四五六七八九十":
        clause = f"管理办法 {clause}"
    if lang != "zh":
        for chinese in (
            "未成年人保护法",
            "未保法",
            "管理办法",
            "强制报告意见",
            "义务教育法",
            "社会救助暂行办法",
            "国发",
        ):
            clause = clause.replace(chinese, text(lang, f"clause.{chinese}") + " ")
        clause = (
            clause.replace("第", "")
            .replace("条", "")
            .replace("；", "; ")
            .replace("、", ", ")
            .replace("  ", " ")
        )
    return clause


def card_words(card: str, lang: str, snapshot: Snapshot | None = None) -> str:
    """A points card by its title; one of a district's own as the build used it, one that is gone by its id."""
    held = used_by(lambda sql: snapshot.frame(sql).rows()).values() if snapshot else ()
    own = {one.card.card.id: one.card for one in held}
    known = own.get(card) or cards().get(card)
    return str(getattr(known.card, lang)) if known else card or NOTHING


def day(value: date | None) -> str:
    """A day as it is written in both languages, or a dash."""
    return NOTHING if value is None else value.isoformat()


def provenance(lang: str, build: Build) -> str:
    """As of which day, known on which day, from which build."""
    return text(lang, "provenance", as_of=build.as_of, known_on=build.known_on, build=build.build_id)


def table(frame: pl.DataFrame, lang: str, columns: dict[str, str]) -> pl.DataFrame:
    """Only the named columns, under their titles; columns: name → key of the title."""
    return frame.select(pl.col(name).alias(text(lang, key)) for name, key in columns.items())


def in_language(row: dict[str, Any], name: str, lang: str) -> str:
    """The column of the language (`title_zh`, `title_en`); Chinese where the other is empty."""
    return str(row.get(f"{name}_{lang}") or row.get(f"{name}_zh") or "")


def period_words(period: str, lang: str) -> str:
    """A period as people say it: `2026秋` is the autumn term of 2026; days and quarters stay as they are."""
    for ending in ("春", "秋", "学年"):
        if period.endswith(ending) and period[:4].isdigit():
            return text(lang, f"definitions.term.{ending}", year=period.removesuffix(ending))
    return period
