"""Cards and rules written out as TOML: the same parts in the same order, a block a line or rule, read back as equal.

A text made from another one keeps its remarks where they stand: above a block, behind a value.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from typing import Any

from models.screening.rulebook.card import Card
from models.screening.rulebook.lanes import Tiers

# Where a remark stands → its text: `lines.carer_age` above a block, `tiers.unknown/counts_as` behind a value.
Remarks = Mapping[str, str]
_HEADER = re.compile(r"\[\[?([\w.]+)\]\]?")
_NAME = re.compile(r'(?:fact|id) = "(\w+)"')
_KEY = re.compile(r"(\w+)\s*=")


def write_card(card: Card, remarks: Remarks | None = None) -> str:
    """The card as TOML."""
    told = remarks or {}
    plain = card.model_dump(by_alias=True, exclude_none=True)
    lines, raises, learned = plain.pop("lines"), plain.pop("raises"), plain.pop("learned", None)
    text = _above(told, "") + _pairs(plain, told, "")
    for line in lines:
        block = f"lines.{line['fact']}"
        bins = line.pop("bins")
        rows = "".join(f"  {_inline(one)},\n" for one in bins)
        unknown = _pairs({"unknown": line.pop("unknown")}, told, block)
        text += f"\n{_above(told, block)}[[lines]]\n{_pairs(line, told, block)}bins = [\n{rows}]\n{unknown}"
    for one in raises:
        text += f"\n[[raises]]\n{_pairs(one, {}, '')}"
    if learned:
        text += f"\n[learned]\n{_pairs(learned, {}, '')}"
    return text


def write_rules(rules: Tiers, remarks: Remarks | None = None) -> str:
    """The rules as TOML."""
    told = remarks or {}
    plain = rules.model_dump(by_alias=True, exclude_none=True)
    tiers, listed = plain.pop("tiers"), plain.pop("rules")
    text = _above(told, "") + _pairs(_given(plain), told, "")
    for name, tier in tiers.items():
        block = f"tiers.{name}"
        text += f"\n{_above(told, block)}[{block}]\n{_pairs(_given(tier), told, block)}"
    for rule in listed:
        block = f"rules.{rule['id']}"
        parts = "".join(f"  {_inline(part)},\n" for part in rule.pop("all"))
        head = {name: rule.pop(name) for name in ("id", "code", "tier", "clause")}
        text += f"\n{_above(told, block)}[[rules]]\n{_pairs(head, told, block)}all = [\n{parts}]\n"
        text += _pairs(rule, told, block)
    return text


def remarks_of(text: str) -> dict[str, str]:
    """The remarks of a text that was written in blocks, by where they stand."""
    found: dict[str, str] = {}
    for block, lines in _blocks(text):
        above = [line for line in lines if line.startswith("#")]
        if above:
            found[block] = "\n".join(above)
        for line in lines:
            key, behind = _KEY.match(line), _behind(line)
            if key and behind:
                found[f"{block}/{key.group(1)}"] = behind
    return found


def _blocks(text: str) -> Iterator[tuple[str, list[str]]]:
    """(name, lines) of each block; remarks above its header belong to it."""
    name, lines, waiting = "", list[str](), list[str]()
    for line in text.split("\n"):
        header = _HEADER.fullmatch(line.split("#")[0].strip())
        if header:
            yield _named(name, lines), lines
            name, lines, waiting = header.group(1), waiting, []
        elif line.startswith("#") and (name or lines):
            waiting.append(line)
        else:
            lines += [*waiting, line]
            waiting = []
    yield _named(name, lines), lines


def _named(name: str, lines: list[str]) -> str:
    """A block of a list by the fact or the id that it is about."""
    if name not in ("lines", "rules"):
        return name
    about = next((found.group(1) for found in map(_NAME.match, lines) if found), "")
    return f"{name}.{about}"


def _behind(line: str) -> str:
    """The remark behind a value, outside of quotes."""
    is_quoted = False
    for at, letter in enumerate(line):
        if letter == '"' and line[at - 1 : at] != "\\":
            is_quoted = not is_quoted
        if letter == "#" and not is_quoted:
            return line[at:]
    return ""


def _above(told: Remarks, block: str) -> str:
    return f"{told[block]}\n" if block in told else ""


def _given(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value != ""}


def _pairs(values: Mapping[str, Any], told: Remarks, block: str) -> str:
    rows = []
    for name, value in values.items():
        behind = told.get(f"{block}/{name}", "")
        rows.append(f"{name} = {_value(value)}{f'  {behind}' if behind else ''}\n")
    return "".join(rows)


def _inline(values: Mapping[str, Any]) -> str:
    return "{ " + ", ".join(f"{name} = {_value(value)}" for name, value in values.items()) + " }"


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        return f'"{escaped}"'
    if isinstance(value, Mapping):
        return _inline(value)
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_value(one) for one in value) + "]"
    return value.isoformat() if isinstance(value, dt.date) else str(value)
