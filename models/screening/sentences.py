"""Sentences with facts in them, written out by SQL: `{fact}` is a value in words, `{fact.date}` its date."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from models.facts import FRACTION_UNITS, Fact, facts

BLANK = {"zh": "未记录", "en": "not recorded"}
NO_DATE = {"zh": "日期未记录", "en": "date not recorded"}
_PLACEHOLDER = re.compile(r"\{([a-z_]+)(\.date)?\}")


class Piece(NamedTuple):
    """A part of a template: literal text, or a fact (its value or its date)."""

    text: str
    fact: str
    is_date: bool


def pieces(template: str) -> Iterator[Piece]:
    """The parts of a template in order."""
    at = 0
    for found in _PLACEHOLDER.finditer(template):
        if found.start() > at:
            yield Piece(template[at : found.start()], "", False)
        yield Piece("", found.group(1), bool(found.group(2)))
        at = found.end()
    if at < len(template):
        yield Piece(template[at:], "", False)


def check_template(template: str) -> None:
    """ValueError where a placeholder names no fact or a brace is left over."""
    for piece in pieces(template):
        if piece.fact and piece.fact not in facts():
            raise ValueError(f"expected a fact in the sentence, found {{{piece.fact}}}")
        if not piece.fact and ("{" in piece.text or "}" in piece.text):
            raise ValueError(f"expected {{fact}} or {{fact.date}}, found {piece.text!r}")


def quoted(text: str) -> str:
    """The text as a SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def joined(parts: Sequence[str]) -> str:
    """The SQL of these texts one after another, in pairs of pairs.

    Joined from the left, each of a hundred texts would copy all that stands before it.
    """
    if len(parts) < 3:
        return " || ".join(parts) if parts else "''"
    middle = len(parts) // 2
    return f"({joined(parts[:middle])}) || ({joined(parts[middle:])})"


def sentence_sql(template: str, lang: str) -> str:
    """The SQL text expression (over `fact_wide AS w`) that writes the sentence out; never null."""
    return joined([quoted(piece.text) if piece.text else _value(piece, lang) for piece in pieces(template)])


def fact_sentence_sql(fact: Fact, lang: str) -> str:
    """The fact's own sentence; a flag that is false reads `label: no`."""
    own = fact.sentence_zh if lang == "zh" else fact.sentence_en
    for word in ("value", "number"):
        own = own.replace(f"{{{word}}}", f"{{{fact.name}}}")
    positive = sentence_sql(own.replace("{date}", f"{{{fact.name}.date}}"), lang)
    if fact.kind != "flag":
        return positive
    negative = quoted(f"{fact.zh}：否" if lang == "zh" else f"{fact.en}: no")
    return f"CASE WHEN w.{fact.name} THEN {positive} ELSE {negative} END"


def _value(piece: Piece, lang: str) -> str:
    column = f"w.{piece.fact}"
    if piece.is_date:
        return f"COALESCE(CAST({column}__since AS VARCHAR), {quoted(NO_DATE[lang])})"
    fact = facts()[piece.fact]
    blank = quoted(BLANK[lang])
    if fact.kind == "number":
        number = f"CAST({column} AS DECIMAL(9, 1))" if fact.unit in FRACTION_UNITS else column
        return f"COALESCE(CAST({number} AS VARCHAR), {blank})"
    if fact.kind == "flag":
        yes, no = ("是", "否") if lang == "zh" else ("yes", "no")
        return f"CASE WHEN {column} THEN '{yes}' WHEN NOT {column} THEN '{no}' ELSE {blank} END"
    cases = " ".join(
        f"WHEN {column} = '{label.code}' THEN {quoted(getattr(label, lang))}" for label in fact.labels()
    )
    return f"CASE {cases} ELSE {blank} END"
