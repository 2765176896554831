"""The four-colour form as declared: tables, items with points per answer, knock-outs, bands, what each is read from.

Read strictly from TOML.  Checked: every item has its points best first, every table's best answers add up to full
marks, conditions fit their facts, and an item or knock-out that nothing recorded can answer says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field, StrictBool, StrictInt, model_validator

from models.complaints import complain
from models.facts import facts
from models.screening.rulebook.linting import Found
from models.strict_toml import Citation, FileProblem, Strict, complaint, read

FOLDER = Path(__file__).parent
Colour = Literal["red", "yellow", "blue", "green"]
COLOURS: tuple[Colour, ...] = ("red", "yellow", "blue", "green")  # most urgent first


class Condition(Strict):
    """One comparison of one recorded fact: a flag `is`, a number `from` (included) `below` (excluded), or codes."""

    fact: str
    is_: StrictBool | None = Field(default=None, alias="is")
    from_: StrictInt | None = Field(default=None, alias="from")
    below: StrictInt | None = None
    one_of: tuple[str, ...] | None = None

    @model_validator(mode="after")
    def _fits_the_fact(self) -> Condition:
        fact = facts().get(self.fact)
        if fact is None:
            raise complain("strange_fact", fact=self.fact)
        given = {
            "flag": self.is_ is not None,
            "number": self.from_ is not None or self.below is not None,
            "code": self.one_of is not None,
        }
        if [kind for kind, is_given in given.items() if is_given] != [fact.kind]:
            raise complain(
                "form_comparison",
                fact=self.fact,
                found=", ".join(kind for kind, is_given in given.items() if is_given) or "-",
                **kind_words(fact.kind),
            )
        strange = set(self.one_of or ()) - {label.code for label in fact.labels()}
        if strange:
            raise complain("strange_codes", fact=self.fact, codes=", ".join(sorted(strange)))
        return self

    def sql(self) -> str:
        """The condition over a row `w` of recorded facts: true, false, or null where the fact is not known."""
        column = f"w.{self.fact}"
        if self.is_ is not None:
            return column if self.is_ else f"NOT {column}"
        if self.one_of is not None:
            return f"{column} IN (" + ", ".join(f"'{code}'" for code in self.one_of) + ")"
        bounds = [f"{column} >= {self.from_}"] * (self.from_ is not None)
        return " AND ".join(bounds + [f"{column} < {self.below}"] * (self.below is not None))


class Words(Strict):
    """Something with a name in both languages."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)


class Answer(Words):
    """One answer of an item with its points; without `when` the registry never gives it."""

    points: StrictInt
    when: tuple[Condition, ...] = ()


class _Readable(Words):
    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    table: str
    not_recorded_zh: str = ""
    not_recorded_en: str = ""

    def _says_why(self, is_readable: bool) -> None:
        if is_readable is bool(self.not_recorded_zh and self.not_recorded_en):
            raise complain("form_both" if is_readable else "form_neither", id=self.id)


class Item(_Readable):
    """One item of a table; its answers stand best first."""

    answers: tuple[Answer, ...] = Field(min_length=2)

    @model_validator(mode="after")
    def _best_first(self) -> Item:
        points = [answer.points for answer in self.answers]
        if points != sorted(set(points), reverse=True):
            raise complain("form_points_fall", id=self.id, found=points)
        self._says_why(any(answer.when for answer in self.answers))
        return self

    @property
    def best(self) -> int:
        """The most points that the item can give."""
        return self.answers[0].points

    @property
    def worst(self) -> int:
        """The fewest points that an answer gives; a blank gives none at all."""
        return self.answers[-1].points

    def facts(self) -> tuple[str, ...]:
        """What the answers are read from, each once."""
        return tuple(dict.fromkeys(one.fact for answer in self.answers for one in answer.when))


class KnockOut(_Readable):
    """Something that makes a table red whatever its points."""

    when: tuple[Condition, ...] = ()

    @model_validator(mode="after")
    def _readable_or_why(self) -> KnockOut:
        self._says_why(bool(self.when))
        return self

    def facts(self) -> tuple[str, ...]:
        """What the hit is read from, each once."""
        return tuple(dict.fromkeys(one.fact for one in self.when))


class Band(Words):
    """A colour and its points, `from` included, `below` excluded."""

    colour: Colour
    from_: StrictInt = Field(alias="from")
    below: StrictInt


class Branch(Strict):
    """One branch of the app's code: the first that fits gives the colour."""

    colour: Colour
    from_: StrictInt | None = Field(default=None, alias="from")
    below: StrictInt | None = None


class Table(Words):
    """One of the form's tables."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")


class Form(Words):
    """The whole form."""

    id: str
    author: str = Field(min_length=1)
    reviewed_on: date
    clause: Citation
    full_marks: StrictInt
    bands: tuple[Band, ...] = Field(min_length=1)
    branches: tuple[Branch, ...] = Field(min_length=1)
    tables: tuple[Table, ...] = Field(min_length=1)
    items: tuple[Item, ...] = Field(min_length=1)
    knock_outs: tuple[KnockOut, ...]

    def of_table(self, table: str) -> tuple[Item, ...]:
        """The items of a table in the order of the form."""
        return tuple(item for item in self.items if item.table == table)

    def knock_outs_of(self, table: str) -> tuple[KnockOut, ...]:
        """The knock-outs of a table in the order of the form."""
        return tuple(one for one in self.knock_outs if one.table == table)

    def facts(self) -> tuple[str, ...]:
        """All that the form is read from, each once."""
        parts: tuple[Item | KnockOut, ...] = (*self.items, *self.knock_outs)
        return tuple(dict.fromkeys(name for part in parts for name in part.facts()))

    def colour(self, points: int) -> Colour:
        """The colour of those points as the form words it."""
        return next(band.colour for band in self.bands if band.from_ <= points < band.below)

    def coded_colour(self, points: int) -> Colour | None:
        """The colour that the app's code gives, None where no branch fits and the last child's colour stays."""
        for one in self.branches:
            if (one.from_ is None or points >= one.from_) and (one.below is None or points < one.below):
                return one.colour
        return None

    def holes(self) -> tuple[int, ...]:
        """The points at which the app's code shows another colour than the form's words, or none."""
        whole = range(self.full_marks + 1)
        return tuple(points for points in whole if self.coded_colour(points) != self.colour(points))


class FilledCase(Words):
    """A filled form that shows a failure; items not named have their best answer, those in `blank` none."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    answers: dict[str, StrictInt] = Field(default_factory=dict)
    blank: tuple[str, ...] = ()
    expected: dict[str, StrictInt]
    shouhu_zh: str = Field(min_length=1)
    shouhu_en: str = Field(min_length=1)


class _Cases(Strict):
    cases: tuple[FilledCase, ...]


def parse(text: str, file: str) -> Form:
    """The form in that text, checked; FileProblem names file, line, what was expected and found."""
    form = read(text, Form, file)
    wrong = [*_strangers(form), *_sums(form), *_gaps(form)]
    if wrong:
        raise FileProblem([complaint(text, file, path, code, **told) for path, code, told in wrong])
    return form


def kind_words(kind: str) -> dict[str, str]:
    """The kind of a fact for a complaint, in both languages."""
    return {"kind_zh": {"flag": "是否", "number": "数字", "code": "代码"}[kind], "kind_en": kind}


def _strangers(form: Form) -> Iterator[Found]:
    tables = [table.id for table in form.tables]
    seen = set[str]()
    for kind, parts in (("items", form.items), ("knock_outs", form.knock_outs)):
        for number, part in enumerate(parts):
            if part.id in seen:
                yield (kind, number, "id"), "form_id_twice", {"id": part.id}
            if part.table not in tables:
                told = {"tables": ", ".join(tables), "found": part.table}
                yield (kind, number, "id"), "form_table", told
            seen.add(part.id)


def _sums(form: Form) -> Iterator[Found]:
    for number, table in enumerate(form.tables):
        found = sum(item.best for item in form.of_table(table.id))
        if found != form.full_marks:
            yield ("tables", number, "id"), "form_full_marks", {"wanted": form.full_marks, "found": found}


def _gaps(form: Form) -> Iterator[Found]:
    """The worded bands leave nothing out and meet nowhere twice; the coded branches may, which is the point."""
    for points in range(form.full_marks + 1):
        fitting = [band.colour for band in form.bands if band.from_ <= points < band.below]
        if len(fitting) != 1:
            yield ("bands", 0, "colour"), "form_band", {"points": points, "found": ", ".join(fitting) or "-"}
            return


@cache
def form() -> Form:
    """The shipped form."""
    return parse((FOLDER / "form.toml").read_text("utf-8"), "form.toml")


@cache
def filled_cases() -> tuple[FilledCase, ...]:
    """The filled forms that show how the form fails; FileProblem for an item or points that it doesn't have."""
    text = (FOLDER / "cases.toml").read_text("utf-8")
    found = read(text, _Cases, "cases.toml").cases
    points = {item.id: {answer.points for answer in item.answers} for item in form().items}
    for number, case in enumerate(found):
        wrong = [name for name, one in case.answers.items() if one not in points.get(name, ())]
        wrong += [name for name in case.blank if name not in points]
        if wrong:
            told = {"found": ", ".join(wrong)}
            raise FileProblem([complaint(text, "cases.toml", ["cases", number, "id"], "form_case", **told)])
    return found
