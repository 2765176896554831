"""Facts: what a rule or a card may know about one child on a day, each with a plain sentence.

Each `.sql` file of this folder makes one family: a head that describes its facts, and a fenced query with one
row per known person and three columns per fact: `<fact>`, `<fact>__since` and `<fact>__record`.  A fact
without a value is *not known*; it is never absent.  `shared/` holds what several families read.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

from pydantic import model_validator
from sqlglot import exp

from data_contracts.contract import contracts
from data_contracts.vocabularies import vocabularies
from models.complaints import complain
from models.engines import Engine
from models.facts.household import copied_facts
from models.parameters import parameters, value_on
from models.sql import Query, in_order, parse, split_head
from models.strict_toml import Citation, FileProblem, Strict, read

FOLDER = Path(__file__).parent
FRACTION_UNITS = ("percent",)


class Code(Strict):
    """One code of a fact that has no code list of its own."""

    code: str
    zh: str
    en: str


class Fact(Strict):
    """One fact: its kind, words and sentence, in which direction it worries, and how long it counts.

    `risk` says what worries: `higher` and `lower` values (true is higher than false), the codes in `risky`,
    or nothing (`none`).  `window` is `now` for a state, the parameter that bounds the past, or `ever`.
    A state says after how many days it is no longer known (`stale_after_days`, a parameter; what worries stands
    until somebody corrects it), or why it never grows old (`never_stale_…`).
    `asks` names the facts to verify where this one, which follows from them, is not known.
    `copied` is found in the SQL: the value comes from others of the household; `copied_zh`, `copied_en` say why it
    may count for this child all the same, without them no card may score it.
    """

    name: str
    kind: Literal["flag", "number", "code"]
    unit: str = ""
    vocabulary: str = ""
    codes: tuple[Code, ...] = ()
    none_zh: str = ""
    none_en: str = ""
    zh: str
    en: str
    sentence_zh: str
    sentence_en: str
    risk: Literal["none", "higher", "lower", "codes"]
    risky: tuple[str, ...] = ()
    window: str
    stale_after_days: str = ""
    never_stale_zh: str = ""
    never_stale_en: str = ""
    asks: tuple[str, ...] = ()
    not_in_cards_zh: str = ""
    not_in_cards_en: str = ""
    copied: bool = False
    copied_zh: str = ""
    copied_en: str = ""

    @model_validator(mode="after")
    def _bounded_in_time(self) -> Fact:
        why = bool(self.never_stale_zh and self.never_stale_en)
        half = bool(self.never_stale_zh) is not bool(self.never_stale_en)
        if self.window == "now" and (half or bool(self.stale_after_days) is why):
            found = "one language" if half else "both" if why else "neither"
            raise complain("stale_or_why", fact=self.name, found=found)
        if self.window != "now" and (self.stale_after_days or why or half):
            raise complain("stale_beside_window", fact=self.name, found=self.window)
        for name, unit in ((self.stale_after_days, "days"), (self.window, "months")):
            if name in ("", "now", "ever"):
                continue
            if name not in parameters():
                raise complain("strange_parameter", found=name)
            if (its := parameters()[name][0].unit) != unit:
                raise complain("other_unit", parameter=name, wanted=unit, found=its)
        return self

    @property
    def sql_type(self) -> str:
        """DuckDB's type of the value."""
        number = "DOUBLE" if self.unit in FRACTION_UNITS else "BIGINT"
        return {"flag": "BOOLEAN", "number": number, "code": "VARCHAR"}[self.kind]

    def labels(self) -> tuple[Code, ...]:
        """Every code that the fact can have, with its words; empty for numbers and flags."""
        listed = self.codes
        if self.vocabulary:
            values = vocabularies()[self.vocabulary].values
            listed = tuple(Code(code=value.code, zh=value.zh, en=value.en) for value in values)
        if self.none_zh:
            listed = (*listed, Code(code="none", zh=self.none_zh, en=self.none_en))
        return listed


class Head(Strict):
    """The head of a family."""

    zh: str
    en: str
    clause: Citation
    tables: tuple[str, ...]
    facts: tuple[Fact, ...]


class Family(NamedTuple):
    """A family: its name (the file's stem), its head, its query."""

    name: str
    head: Head
    query: Query


def read_family(text: str, file: str) -> Family:
    """The family in that text; FileProblem or FenceError names the file and the line."""
    head_text, sql = split_head(text, file)
    family = _with_copied(Family(Path(file).stem, read(head_text, Head, file), parse(sql, file)))
    for fact in family.head.facts:
        if (fact.copied_zh or fact.copied_en) and not fact.copied:
            raise FileProblem(
                f"{file}: fact {fact.name}: expected no reason for a copy, for nothing is copied"
            )
        expected = {fact.name, f"{fact.name}__since", f"{fact.name}__record"}
        tree = family.query.tree
        missing = expected - set(tree.named_selects if isinstance(tree, exp.Query) else [])
        if missing:
            raise FileProblem(f"{file}: fact {fact.name}: expected the columns {sorted(expected)}")
    return family


def _with_copied(family: Family) -> Family:
    copied = copied_facts(family.query, shared_queries())
    marked = tuple(one.model_copy(update={"copied": one.name in copied}) for one in family.head.facts)
    return family._replace(head=family.head.model_copy(update={"facts": marked}))


@cache
def families() -> tuple[Family, ...]:
    """All families in the order of their names."""
    paths = sorted(FOLDER.glob("*.sql"))
    return tuple(read_family(path.read_text("utf-8"), path.name) for path in paths)


@cache
def facts() -> dict[str, Fact]:
    """All facts by name; FileProblem where two families claim one name."""
    found: dict[str, Fact] = {}
    for family in families():
        for fact in family.head.facts:
            if fact.name in found:
                raise FileProblem(f"{family.name}.sql: fact {fact.name} exists already")
            found[fact.name] = fact
    return found


@cache
def shared_queries() -> dict[str, Query]:
    """The helper tables; two columns are looked up in their contracts by code list and by heading."""
    columns = {
        "{carer_record_column}": next(
            column.name for column in contracts()["relation"].columns if column.vocabulary == "carer_record"
        ),
        "{concern_known_column}": next(
            column.name for column in contracts()["concern"].columns if column.zh == "知悉日期"
        ),
    }
    read_texts = {
        path.stem: split_head(path.read_text("utf-8"), path.name)[1]
        for path in sorted((FOLDER / "shared").glob("*.sql"))
    }
    for placeholder, column in columns.items():
        read_texts = {name: text.replace(placeholder, column) for name, text in read_texts.items()}
    return {name: parse(text, f"shared/{name}.sql") for name, text in read_texts.items()}


def _needed(asked: Sequence[Family]) -> dict[str, Query]:
    """The helper tables that these families read, directly or through others."""
    shared, found = shared_queries(), dict[str, Query]()
    waiting = [table for family in asked for table in family.query.reads]
    while waiting:
        name = waiting.pop()
        if name in shared and name not in found:
            found[name] = shared[name]
            waiting += shared[name].reads
    return found


def create_facts(engine: Engine, as_of: date, only: Collection[str] | None = None) -> None:
    """Make `fact_wide`: one row per known person, all facts as of that day.

    With `only`, the families of the facts named and no others.
    Reads the base tables (`known_child`, `parent_day`, `screen_reading`; that day must be among their
    snapshot days), `code_list` and the model-facing tables.
    """
    named = list(parameters())
    row = (as_of, *(value_on(name, as_of) for name in named))
    engine.create("fact_day", {"on_day": "DATE", **dict.fromkeys(named, "BIGINT")}, [row])
    asked = [one for one in families() if only is None or {fact.name for fact in one.head.facts} & set(only)]
    shared = _needed(asked)
    outside = {table for query in shared.values() for table in query.reads} - set(shared)
    for name in in_order(shared, outside):
        engine.table(name, shared[name])
    for family in asked:
        engine.table(f"fact_{family.name}", family.query)
    engine.table("fact_wide", wide_sql(asked))


def fact_queries(only: Collection[str]) -> list[Query]:
    """The queries behind the facts named, from the base tables and those of the contracts on."""
    asked = [one for one in families() if {fact.name for fact in one.head.facts} & set(only)]
    shared = _needed(asked)
    return [*(shared[name] for name in sorted(shared)), *(family.query for family in asked)]


def wide_sql(asked: Sequence[Family]) -> str:
    """The query that puts families side by side, values in their declared types."""
    columns, joins = ["child.child_id"], []
    for family in asked:
        joins.append(
            f"LEFT JOIN fact_{family.name} AS {family.name} ON {family.name}.child_id = child.child_id"
        )
        for fact in family.head.facts:
            source = f"{family.name}.{fact.name}"
            columns += [
                f"CAST({source} AS {fact.sql_type}) AS {fact.name}",
                f"{source}__since AS {fact.name}__since",
                f"{source}__record AS {fact.name}__record",
            ]
    return "SELECT " + ", ".join(columns) + " FROM known_child AS child " + " ".join(joins)


def long_sql(wanted: str) -> str:
    """The query of the published `fact` table for the children in the table `wanted` (column child_id)."""
    return " UNION ALL ".join(_long_one(fact, wanted) for fact in facts().values())


def _long_one(fact: Fact, wanted: str) -> str:
    holds = {"flag": "flag", "number": "number", "code": "code"}[fact.kind]
    kinds = {"number": "DOUBLE", "code": "VARCHAR", "flag": "BOOLEAN"}
    cells = ", ".join(
        f"CAST({'w.' + fact.name if column == holds else 'NULL'} AS {kind}) AS {column}"
        for column, kind in kinds.items()
    )
    return (
        f"SELECT w.child_id, '{fact.name}' AS fact, w.{fact.name} IS NOT NULL AS known, {cells}, "
        f"CASE WHEN w.{fact.name} IS NOT NULL THEN w.{fact.name}__since END AS since, "
        f"w.{fact.name}__record AS record FROM fact_wide AS w JOIN {wanted} AS s ON s.child_id = w.child_id"
    )
