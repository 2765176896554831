"""The four-colour form as declared: tables, items with points per answer, knock-outs, bands, what each is read from.

Read strictly from TOML.  Checked: every item has its points best first, every table's best answers add up to full
marks, conditions fit their facts, and an item or knock-out that nothing recorded can answer says so.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field, StrictBool, StrictInt, model_validator

from models.facts import facts
from models.strict_toml import Citation, FileProblem, Strict, place, read

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
            raise ValueError(f"expected a fact that exists, found {self.fact}")
        given = {
            "flag": self.is_ is not None,
            "number": self.from_ is not None or self.below is not None,
            "code": self.one_of is not None,
        }
        if [kind for kind, is_given in given.items() if is_given] != [fact.kind]:
            raise ValueError(f"{self.fact} is a {fact.kind}: expected one comparison for a {fact.kind}")
        strange = set(self.one_of or ()) - {label.code for label in fact.labels()}
        if strange:
            raise ValueError(f"expected codes of {self.fact}, found {sorted(strange)}")
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
            found = "both" if is_readable else "neither"
            raise ValueError(f"{self.id}: expected `when`, or why nothing recorded answers, found {found}")


class Item(_Readable):
    """One item of a table; its answers stand best first."""

    answers: tuple[Answer, ...] = Field(min_length=2)

    @model_validator(mode="after")
    def _best_first(self) -> Item:
        points = [answer.points for answer in self.answers]
        if points != sorted(set(points), reverse=True):
            raise ValueError(f"{self.id}: expected points that fall from answer to answer, found {points}")
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
    problems = [*_strangers(form, text, file), *_sums(form, text, file), *_gaps(form, text, file)]
    if problems:
        raise FileProblem("; ".join(problems))
    return form


def _strangers(form: Form, text: str, file: str) -> list[str]:
    tables = [table.id for table in form.tables]
    problems, seen = [], set[str]()
    for kind, parts in (("items", form.items), ("knock_outs", form.knock_outs)):
        for number, part in enumerate(parts):
            where = place(text, file, [kind, number, "id"])
            if part.id in seen:
                problems.append(f"{where}: expected each id once, found {part.id!r} twice")
            if part.table not in tables:
                problems.append(f"{where}: expected one of the tables {tables}, found {part.table!r}")
            seen.add(part.id)
    return problems


def _sums(form: Form, text: str, file: str) -> list[str]:
    problems = []
    for number, table in enumerate(form.tables):
        found = sum(item.best for item in form.of_table(table.id))
        if found != form.full_marks:
            where = place(text, file, ["tables", number, "id"])
            problems.append(f"{where}: expected best answers of {form.full_marks} points, found {found}")
    return problems


def _gaps(form: Form, text: str, file: str) -> list[str]:
    """The worded bands leave nothing out and meet nowhere twice; the coded branches may, which is the point."""
    for points in range(form.full_marks + 1):
        fitting = [band.colour for band in form.bands if band.from_ <= points < band.below]
        if len(fitting) != 1:
            where = place(text, file, ["bands", 0, "colour"])
            return [f"{where}: expected one band for {points} points, found {fitting or 'none'}"]
    return []


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
            where = place(text, "cases.toml", ["cases", number, "id"])
            raise FileProblem(f"{where}: expected items and points of the form, found {wrong}")
    return found
