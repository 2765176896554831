"""Sheets whose headings no list foresees: what is asked of the data officer, and what was confirmed."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import polars as pl

from dashboard.access import Permission, Reader, require
from dashboard.texts import text
from data_contracts.forms import forms
from data_contracts.headings.heading_words import column_letter, words
from data_contracts.headings.mappings import IGNORE, Mapping, MappingProblem, Mappings

MAPPINGS = "mappings"


class Column(NamedTuple):
    """One heading in question: its letter, what is known of it in words, what may be chosen, what is chosen."""

    heading: str
    label: str
    hint: str
    choices: list[str]
    chosen: str


class MappingPage(NamedTuple):
    """All that the page shows; `chosen` is the place of the question that is open, `columns` its headings."""

    waiting: dict[str, str]
    chosen: str
    question: Mapping | None
    facts: dict[str, str]
    forms: dict[str, str]
    form: str
    columns: list[Column]
    confirmed: pl.DataFrame
    problem: str


def mapping_page(
    store: Path, reader: Reader, lang: str, wanted: str | None = None, form: str | None = None
) -> MappingPage:
    """The page; Forbidden without the right to take ledgers in.  `wanted` is a question's place, `form` a form."""
    require(reader, Permission.RUN_INTAKE)
    named = {one.id: one.zh if lang == "zh" else one.en for one in forms().values()}
    try:
        known = Mappings(store / MAPPINGS)
        questions = {path.stem: one for path, one in known.questions().items()}
    except MappingProblem as problem:
        words_of_it = text(lang, "mapping.unreadable", problem=problem.file)
        return MappingPage({}, "", None, {}, named, "", [], _confirmed([], lang), words_of_it)
    waiting = {place: f"{one.file} · {one.sheet or '—'}" for place, one in questions.items()}
    chosen = wanted if wanted in questions else next(iter(questions), "")
    question = questions.get(chosen)
    shown = form if form in named else question.form if question else ""
    return MappingPage(
        waiting, chosen, question, _facts(question, lang), named, shown,
        columns_of(question, shown, lang) if question else [], _confirmed(known.confirmed, lang), "",
    )  # fmt: skip


def place_of(store: Path, chosen: str) -> Path:
    """The file of a question."""
    return store / MAPPINGS / "waiting" / f"{chosen}.toml"


def _facts(question: Mapping | None, lang: str) -> dict[str, str]:
    if question is None:
        return {}
    form = forms()[question.form]
    return {
        text(lang, "mapping.file"): question.file,
        text(lang, "mapping.sheet"): question.sheet or "—",
        text(lang, "mapping.sender"): question.sender or text(lang, "mapping.no_sender"),
        text(lang, "mapping.nearest_form"): form.zh if lang == "zh" else form.en,
    }


def columns_of(question: Mapping, form_id: str, lang: str) -> list[Column]:
    """The headings of a sheet with what they may be in a form: what is certain is chosen already."""
    form, known = forms()[form_id], words(form_id)
    choices = ["", IGNORE, *(column.heading for column in form.columns)]
    found, taken = [], set()
    for place, (key, meant) in enumerate(question.columns.items()):
        if form_id != question.form:
            meant = known[key].heading if key in known else ""
        if meant not in choices or meant in taken:
            meant = ""
        taken |= {meant} - {"", IGNORE}
        hint = question.hints.get(key)
        label = text(lang, "mapping.column", letter=hint.letter if hint else column_letter(place))
        found.append(Column(key, label, _hint(question, key, form_id, lang), choices, meant))
    return found


def _hint(question: Mapping, key: str, form_id: str, lang: str) -> str:
    hint = question.hints.get(key)
    if hint is None:
        return ""
    parts = [f"{text(lang, 'mapping.content')}: {text(lang, f'mapping_kind.{hint.kind}')}"]
    if form_id == question.form and question.columns[key]:
        parts.append(f"{text(lang, 'mapping.certainty')}: {hint.certainty:.0%}")
    elif form_id == question.form and hint.candidates:
        joint = text(lang, "mapping.joint")
        likely = joint.join(f"{name} {share:.0%}" for name, share in hint.candidates.items())
        parts.append(f"{text(lang, 'mapping.candidates')}: {likely}")
    return " · ".join(parts)


def answered(question: Mapping, form_id: str, chosen: dict[str, str]) -> Mapping:
    """The question with the officer's choices."""
    return question.model_copy(update={"form": form_id, "columns": chosen})


def _confirmed(found: list[Mapping], lang: str) -> pl.DataFrame:
    rows = [
        (
            forms()[one.form].zh if lang == "zh" else forms()[one.form].en,
            one.sender or text(lang, "mapping.no_sender"),
            text(lang, "mapping.joint").join(
                f"{key} → {text(lang, 'mapping.ignore') if meant == IGNORE else meant}"
                for key, meant in one.columns.items()
                if key != meant
            ),
            one.confirmed_by,
            one.confirmed_at[:10],
        )
        for one in found
    ]
    names = ("form_name", "sender", "changed", "confirmed_by", "confirmed_at")
    return pl.DataFrame(rows, {text(lang, f"mapping.{name}"): pl.String for name in names}, orient="row")
