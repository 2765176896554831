"""Reads the table contracts (Open Data Contract Standard 3.2) strictly, and compiles them to DuckDB DDL.

Source of the standard: Bitol, Open Data Contract Standard 3.2.0 (its own pydantic model and JSON Schema).
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from open_data_contract_standard.model import OpenDataContractStandard, SchemaProperty

TABLES = resources.files("data_contracts") / "tables"

# Columns that the registry itself adds to every typed row.  Two clocks need `_known_on`; `_invalid` lists
# the columns whose cell held something unusable, so that "blank" and "unreadable" stay apart.
SYSTEM_COLUMNS = {
    "_delivery": "VARCHAR",
    "_sheet": "VARCHAR",
    "_row": "INTEGER",
    "_reported_on": "DATE",
    "_known_on": "DATE",
    "_seq": "BIGINT",
    "_precedence": "INTEGER",
    "_invalid": "VARCHAR",
}


class ContractError(ValueError):
    """A contract file that cannot be read: names the file, the place, what was expected and found."""


class Column(NamedTuple):
    """One column of a contract; `type` is Shouhu's value type, `sql_type` DuckDB's."""

    name: str
    zh: str
    en: str
    type: str
    sql_type: str
    vocabulary: str | None
    required: bool
    classification: str
    minimum: float | None
    maximum: float | None
    pattern: str | None
    not_in_future: bool
    month_allowed: bool


class RowCheck(NamedTuple):
    """A check over several columns: SQL that is true when a row fails, the column to blame, the effect.

    `effect` is `unknown_cell` (the cell is unusable, the row stays), `reject_row` or `warn`; `unless` is a
    SQL condition under which `reject_row` becomes `unknown_cell`, so that no crisis is lost with its row.
    """

    id: str
    zh: str
    en: str
    fails_when: str
    blames: str
    effect: str
    unless: str | None


class Contract(NamedTuple):
    """One table: its columns, key, checks, owner and the section of the measures that it serves."""

    name: str
    zh: str
    en: str
    owner: str
    clause: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    checks: tuple[RowCheck, ...]
    document: OpenDataContractStandard

    def column(self, name: str) -> Column:
        """The column of that name; KeyError where the contract has none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"contract {self.name}: no column {name}")

    @property
    def has_child(self) -> bool:
        """Whether the rows are about one child."""
        return any(column.name == "child_ref" for column in self.columns)

    def model_columns(self) -> dict[str, str]:
        """Columns as the models see them: `child_id` for the reference, no identity, plus where and when.

        `record` names the delivery, sheet and row; `invalid` lists unusable cells as `,column,column,`;
        `known_on` is the second clock.
        """
        seen = {
            ("child_id" if column.name == "child_ref" else column.name): column.sql_type
            for column in self.columns
            if column.classification != "identity" and column.name != "alt_ref"
        }
        return {**seen, "record": "VARCHAR", "invalid": "VARCHAR", "known_on": "DATE"}

    def ddl(self) -> str:
        """`CREATE TABLE` for the registry, system columns last."""
        typed = [f'"{column.name}" {column.sql_type}' for column in self.columns]
        system = [f'"{name}" {kind}' for name, kind in SYSTEM_COLUMNS.items()]
        return f'CREATE TABLE IF NOT EXISTS "{self.name}" (' + ", ".join(typed + system) + ")"


class _StrictLoader(yaml.SafeLoader):
    """YAML without its surprises: a key that stands twice is an error, not the last one."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                line = key_node.start_mark.line + 1
                raise ContractError(f"line {line}: expected each key once, found {key!r} twice")
            seen.add(key)
        return super().construct_mapping(node, deep)


def _custom(item: Any) -> dict[str, Any]:
    return {entry.property: entry.value for entry in (item.customProperties or [])}


def _column(prop: SchemaProperty) -> Column:
    custom = _custom(prop)
    options = prop.logicalTypeOptions or {}
    return Column(
        name=str(prop.name),
        zh=prop.businessName or str(prop.name),
        en=prop.description or str(prop.name),
        type=custom.get("valueType", "text"),
        sql_type=prop.physicalType or "VARCHAR",
        vocabulary=custom.get("vocabulary"),
        required=bool(prop.required),
        classification=prop.classification or "restricted",
        minimum=options.get("minimum"),
        maximum=options.get("maximum"),
        pattern=options.get("pattern"),
        not_in_future=bool(custom.get("notInFuture")),
        month_allowed=bool(custom.get("monthAllowed")),
    )


def _row_checks(document: OpenDataContractStandard) -> tuple[RowCheck, ...]:
    checks = []
    for rule in (document.schema_ or [])[0].quality or []:
        custom = _custom(rule)
        if "failsWhen" in custom:
            checks.append(
                RowCheck(
                    id=str(rule.id),
                    zh=rule.description or str(rule.id),
                    en=custom.get("en", str(rule.id)),
                    fails_when=custom["failsWhen"],
                    blames=custom["blames"],
                    effect=custom["effect"],
                    unless=custom.get("unless"),
                )
            )
    return tuple(checks)


def parse(text: str, name: str = "contract") -> Contract:
    """A contract from its YAML text; ContractError names the file and what was expected."""
    try:
        document = OpenDataContractStandard(**yaml.load(text, Loader=_StrictLoader))
    except ContractError as problem:
        raise ContractError(f"{name}: {problem}") from problem
    except (yaml.YAMLError, ValueError, TypeError) as problem:
        raise ContractError(f"{name}: expected an ODCS 3.2 document, found {problem}") from problem
    if not document.schema_ or len(document.schema_) != 1:
        raise ContractError(f"{name}: expected exactly one schema object")
    table = document.schema_[0]
    custom = _custom(document)
    properties = table.properties or []
    taken = {"record", "invalid", "known_on", "child_id"} & {str(prop.name) for prop in properties}
    if taken:
        raise ContractError(
            f"{name}: expected columns apart from the models' own, found {', '.join(sorted(taken))}"
        )
    keyed = [prop for prop in properties if prop.primaryKey]
    keyed.sort(key=lambda prop: prop.primaryKeyPosition or 0)
    team = document.team
    return Contract(
        name=str(table.name),
        zh=table.businessName or str(table.name),
        en=custom.get("en", str(table.name)),
        owner=(team.name or "") if team and not isinstance(team, list) else "",
        clause=custom.get("clause", ""),
        key=tuple(str(prop.name) for prop in keyed),
        columns=tuple(_column(prop) for prop in properties),
        checks=_row_checks(document),
        document=document,
    )


@cache
def contracts() -> dict[str, Contract]:
    """All contracts by table name, in the order of their names."""
    paths = sorted(Path(str(TABLES)).glob("*.odcs.yaml"))
    read = [parse(path.read_text("utf-8"), path.name) for path in paths]
    return {contract.name: contract for contract in read}
