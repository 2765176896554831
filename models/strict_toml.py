"""Reads a TOML text through a strict pydantic model and says where it breaks: file, line, expected, found."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints, ValidationError

from data_contracts.clauses import cited_in, clauses
from models.complaints import LANGUAGES, Complaint, FileProblem, complain, is_code, word_of_key

__all__ = ["Chinese", "Citation", "English", "FileProblem", "Strict", "complaint", "examine", "place", "read"]


class Strict(BaseModel):
    """A part of a file: unknown keys are refused, and nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


def _cited(citation: str) -> str:
    unknown = [one for one in cited_in(citation) if one not in clauses()]
    if unknown:
        raise complain("article", articles=", ".join(unknown) or "none")
    return citation


def _chinese(words: str) -> str:
    if not _IDEOGRAPH.search(words):
        raise complain("chinese_words", found=repr(words))
    return words


def _english(words: str) -> str:
    if _IDEOGRAPH.search(words) or not re.search("[A-Za-z]", words):
        raise complain("english_words", found=repr(words))
    return words


_IDEOGRAPH = re.compile(r"[\u4e00-\u9fff]")
# A citation such as `未保法22、23`: every article in it is one of data_contracts/clauses.toml.
Citation = Annotated[str, AfterValidator(_cited)]
Chinese = Annotated[str, StringConstraints(min_length=1), AfterValidator(_chinese)]
English = Annotated[str, StringConstraints(min_length=1), AfterValidator(_english)]
Model = TypeVar("Model", bound=BaseModel)
Path = Sequence[str | int]
# pydantic's kinds of error → our words; what is not here is told in pydantic's own.
_CODES = {
    "extra_forbidden": "strange_key",
    "int_type": "whole_number",
    "int_from_float": "whole_number",
    "float_type": "a_number",
    "string_type": "a_text",
    "string_too_short": "not_empty",
    "bool_type": "true_or_false",
    "tuple_type": "a_list",
    "model_type": "a_table",
    "dict_type": "a_table",
    "literal_error": "one_of",
    "string_pattern_mismatch": "a_name",
    "too_short": "at_least",
    "too_long": "at_most",
}
_BRANCHES = ("int", "float", "str")  # of `int | float`, `str | int`: not a part of the file's path
_AT = re.compile(r"\(at line (\d+), column \d+\)")
LONGEST_SHOWN = 80


def read(text: str, model: type[Model], file: str) -> Model:
    """The model behind that text; FileProblem where the text is no TOML or doesn't fit."""
    found = examine(text, model, file)
    if isinstance(found, list):
        raise FileProblem(found)
    return found


def examine(text: str, model: type[Model], file: str) -> Model | list[Complaint]:
    """The model behind that text, or everything that is wrong with it."""
    try:
        return model.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as problem:
        return [_not_toml(text, file, str(problem))]
    except ValidationError as problem:
        told: dict[tuple[int, str], Complaint] = {}
        for error in problem.errors(include_url=False):
            one = _complaint(text, file, dict(error))
            told.setdefault((one.line, one.path), one)
        return [one for one in told.values() if not _follows(one, told.values())]


def _follows(one: Complaint, others: Iterable[Complaint]) -> bool:
    """Whether a list only seems too short because its parts were refused."""
    return one.code == "at_least" and any(other.path.startswith(f"{one.path}.") for other in others)


def _not_toml(text: str, file: str, problem: str) -> Complaint:
    at = _AT.search(problem)
    lines = text.split("\n")
    line = int(at.group(1)) if at else len(lines)
    if not re.search("overwrite a value|twice|Duplicate", problem):
        return Complaint(file, line, "", "not_toml", {"problem": problem})
    key = lines[line - 1].partition("=")[0].strip() or lines[line - 2].partition("=")[0].strip()
    return Complaint(file, line, key.strip("[]"), "key_twice", {"key": key})


def _complaint(text: str, file: str, error: dict[str, Any]) -> Complaint:
    path = [part for part in error["loc"] if isinstance(part, int) or part.isidentifier()]
    if path and path[-1] in _BRANCHES:
        path.pop()
    kind, context = error["type"], error.get("ctx") or {}
    code = kind if is_code(kind) else _CODES.get(kind, "a_day" if "date" in kind else "as_told")
    key = str(path[-1]) if path and isinstance(path[-1], str) else ""
    details = {name: str(value) for name, value in context.items()}
    details |= {
        "found": details.get("found", repr(error.get("input"))[:LONGEST_SHOWN]),
        "key": key,
        "message": error["msg"],
        "choices": str(context.get("expected", "")).replace(" or ", ", "),
        "n": str(context.get("min_length", context.get("max_length", ""))),
    }
    details |= {f"what_{lang}": word_of_key(key, lang) for lang in LANGUAGES}
    return complaint(text, file, path, code, **details)


def complaint(text: str, file: str, path: Path, code: str, /, **details: object) -> Complaint:
    """A complaint about the place in a text that a path of keys and positions leads to."""
    told = {name: str(value) for name, value in details.items()}
    return Complaint(file, line_of(text, path), _dotted(path), code, told)


def place(text: str, file: str, path: Path) -> str:
    """`file, line N: the.path` for the place in a text that a path of keys and positions leads to."""
    return f"{file}, line {line_of(text, path)}: {_dotted(path) or 'file'}"


def _dotted(path: Path) -> str:
    return ".".join(str(part + 1) if isinstance(part, int) else part for part in path)


def line_of(text: str, path: Path) -> int:
    """The line (from 1) of the last part of the path that can be found; line 1 where nothing can."""
    lines, parts = text.split("\n"), list(path)
    at, end = 0, _block_end(text.split("\n"), -1)
    while parts:
        key = parts.pop(0)
        if isinstance(key, int):  # an element of an inline list: nothing finer has a line of its own
            return _nth(lines, at + 1, end, key, r"\s*\{", at) + 1
        if parts and isinstance(parts[0], int) and f"[[{key}]]" in text:
            at = _nth(lines, 0, len(lines), int(parts.pop(0)), rf"\s*\[\[{re.escape(key)}\]\]", at)
            end = _block_end(lines, at)
        elif (table := _nth(lines, 0, len(lines), 0, rf"\s*\[[\w.]*\b{re.escape(key)}\]", -1)) >= 0:
            at, end = table, _block_end(lines, table)
        else:
            at = _nth(lines, at, end, 0, rf"\s*{re.escape(key)}\s*=", at)
    return at + 1


def _block_end(lines: Sequence[str], at: int) -> int:
    """The line that starts the next table of the file."""
    return _nth(lines, at + 1, len(lines), 0, r"\[", len(lines))


def _nth(lines: Sequence[str], start: int, end: int, number: int, pattern: str, otherwise: int) -> int:
    hits = [at for at in range(start, end) if re.match(pattern, lines[at])]
    return hits[number] if number < len(hits) else otherwise
