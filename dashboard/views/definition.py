"""The definition sheet of a measure in words: what every format and the page show, one order for all."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from dashboard.texts import text
from dashboard.views.example import Example, worked
from dashboard.views.words import clause_words
from models.definitions import Definition, definition, definitions
from models.parameters import Dated


class Parameter(NamedTuple):
    """One number that the measures leave to the district, as it stands on a day."""

    name: str
    value: str
    since: str
    source: str
    is_to_confirm: bool


class Sheet(NamedTuple):
    """One definition sheet; `facts` are pairs of a heading and its words, in reading order."""

    code: str
    title: str
    chapter: str
    question: str
    facts: tuple[tuple[str, str], ...]
    article: str
    article_words: str
    parts: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    partners: tuple[str, ...]
    partner_words: str
    example: Example
    sql: str
    provenance: str


def sheet(code: str, lang: str, day: date) -> Sheet:
    """The sheet of a measure with the parameter values of that day."""
    return sheet_of(definition(code, day), lang)


def sheets(lang: str, day: date) -> list[Sheet]:
    """All sheets in the order of the catalogue."""
    return [sheet_of(one, lang) for one in definitions(day)]


def sheet_of(found: Definition, lang: str) -> Sheet:
    """A definition in words of the language."""
    head = found.indicator.head
    facts = [
        (text(lang, f"definitions.{name}"), str(getattr(getattr(head, name), lang)))
        for name in ("counted", "out_of", "excluded", "unknown")
    ]
    named = [getattr(one, lang) for one in head.series.values() if getattr(one, lang)]
    facts += [(text(lang, f"definitions.{name}"), words) for name, words in _manner(found, lang)]
    partners = tuple(f"{one.code} {getattr(one.head.title, lang)}" for one in found.partners)
    return Sheet(
        head.code,
        str(getattr(head.title, lang)),
        text(lang, f"chapter.{head.code[0]}"),
        str(getattr(head.question, lang)),
        tuple(facts),
        clause_words(lang, found.clause.id),
        str(getattr(found.clause, lang)),
        tuple(str(one) for one in named),
        tuple(_parameter(one, lang) for one in found.parameters),
        partners,
        text(lang, "definitions.partner_why" if partners else "definitions.partner_none"),
        worked(found, lang),
        found.sql,
        text(lang, "definitions.provenance", author=_author(head.author, lang), day=head.reviewed_on),
    )


def _author(author: str, lang: str) -> str:
    """Authors sign in both languages: `守护 Shouhu`."""
    chinese, _, latin = author.partition(" ")
    return chinese if lang == "zh" else latin or author


def _manner(found: Definition, lang: str) -> list[tuple[str, str]]:
    """How it is worked out: kind, period, owner, which way is better, who may see it."""
    head = found.indicator.head
    return [
        ("kind", text(lang, f"definitions.kinds.{head.kind}")),
        ("period", text(lang, f"definitions.periods.{head.period}")),
        ("owner", str(getattr(head.owner, lang))),
        ("better", text(lang, f"definitions.directions.{head.better}")),
        ("disclosure", text(lang, f"definitions.classes.{head.disclosure}")),
    ]


def _parameter(dated: Dated, lang: str) -> Parameter:
    is_chinese = lang == "zh"
    unit = text(lang, f"unit.parameter.{dated.unit}")
    return Parameter(
        dated.zh if is_chinese else dated.en,
        f"{dated.value} {unit}",
        dated.valid_from.isoformat(),
        dated.source,
        dated.confirm_locally,
    )
