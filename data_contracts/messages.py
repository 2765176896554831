"""The words of intake's messages: names file, sheet, row, column, what was expected and what was found."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from data_contracts.contract import contracts
from data_contracts.vocabularies import vocabularies
from registry.deliveries import Message


@cache
def _words() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads((Path(__file__).parent / "messages.toml").read_text("utf-8"))


def _pick(section: str, key: str, lang: str) -> str:
    pair = _words()[section].get(key)
    return key if pair is None else pair[0 if lang == "zh" else 1]


def expected_words(expected: str | None, lang: str) -> str:
    """The expectation in words: a type, a code list, a check, an earlier row, or text as it is."""
    kind, _, rest = (expected or "").partition(":")
    if kind == "row":
        return f"与第{rest}行只报一次" if lang == "zh" else f"one report with row {rest}"
    if kind == "check":
        table, _, check_id = rest.partition(".")
        check = next(c for c in contracts()[table].checks if c.id == check_id)
        return check.zh if lang == "zh" else check.en
    if kind == "column":
        table, _, name = rest.partition(".")
        return str(getattr(contracts()[table].column(name), lang))
    if kind == "code":
        labels = [getattr(value, lang) for value in vocabularies()[rest].values]
        return ("、" if lang == "zh" else ", ").join(labels[:12])
    return _pick("expected", kind, lang) if kind in _words()["expected"] else (expected or "")


def found_words(message: Message, lang: str) -> str:
    """What was found, in words; a masked cell is told by its length."""
    found = message.found
    if message.code == "unreadable":
        return _pick("unreadable", found or "", lang)
    if not found:
        return "空" if lang == "zh" else "nothing"
    if found.startswith("(") and found.endswith(")"):
        length = found[1:-1]
        return f"{length}个字符" if lang == "zh" else f"{length} characters"
    return found


def text_of(message: Message, file: str, lang: str) -> str:
    """The whole sentence in `zh` or `en`."""
    expected, found = expected_words(message.expected, lang), found_words(message, lang)
    what = _pick("code", message.code, lang).format(expected=expected, found=found)
    place = _place(message, file, lang)
    if message.expected is None or "{expected}" in _pick("code", message.code, "zh"):
        return f"{place}：{what}。" if lang == "zh" else f"{place}: {what}."
    if lang == "zh":
        return f"{place}：{what}。应为：{expected}；实为：{found}。"
    return f"{place}: {what}. Expected: {expected}; found: {found}."


def _place(message: Message, file: str, lang: str) -> str:
    zh = lang == "zh"
    parts = [file]
    if message.sheet:
        parts.append(f"工作表“{message.sheet}”" if zh else f"sheet “{message.sheet}”")
    if message.row:
        parts.append(f"第{message.row}行" if zh else f"row {message.row}")
    if message.heading:
        letter = ""
        if message.column:
            letter = f"（{message.column}列）" if zh else f" ({message.column})"
        parts.append(f"“{message.heading}”{letter}")
    return ("，" if zh else ", ").join(parts)


def fault_words(code: str, lang: str) -> str:
    """What a fault's code means, in words, without place and value."""
    return _pick("code", code, lang).format(expected="…", found="…")


def ignored_words(reason: str, lang: str) -> str:
    """Why rows were left out of the data, in words."""
    return _pick("ignored", reason, lang)


def as_json(message: Message, file: str, lang: str) -> dict[str, Any]:
    """The message as the command line's JSON gives it."""
    return {
        "severity": message.severity,
        "code": message.check if message.code == "check_failed" else message.code,
        "sheet": message.sheet,
        "row": message.row,
        "column": message.column,
        "heading": message.heading,
        "expected": expected_words(message.expected, lang) if message.expected else None,
        "found": found_words(message, lang) if message.found else None,
        "text": text_of(message, file, lang),
    }
