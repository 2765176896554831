"""Reads a TOML text through a strict pydantic model and says where it breaks: file, line, expected, found."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

from data_contracts.clauses import cited_in, clauses


class FileProblem(ValueError):
    """A file of ours that cannot be used: names the file, the line, what was expected and what was found."""


class Strict(BaseModel):
    """A part of a file: unknown keys are refused, and nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


def _cited(citation: str) -> str:
    unknown = [one for one in cited_in(citation) if one not in clauses()]
    if unknown:
        raise ValueError(f"expected articles of clauses.toml, found {', '.join(unknown) or 'none'}")
    return citation


# A citation such as `未保法22、23`: every article in it is one of data_contracts/clauses.toml.
Citation = Annotated[str, AfterValidator(_cited)]
Model = TypeVar("Model", bound=BaseModel)
Path = Sequence[str | int]


def read(text: str, model: type[Model], file: str) -> Model:
    """The model behind that text; FileProblem where the text is no TOML or doesn't fit."""
    try:
        return model.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as problem:
        raise FileProblem(f"{file}: expected TOML, found: {problem}") from problem
    except ValidationError as problem:
        raise FileProblem("; ".join(_sentences(text, file, problem))) from problem


def _sentences(text: str, file: str, problem: ValidationError) -> list[str]:
    told = []
    for error in problem.errors(include_url=False):
        path = [part for part in error["loc"] if isinstance(part, int) or part.isidentifier()]
        found = "nothing" if error["type"] == "missing" else repr(error.get("input"))[:80]
        told.append(f"{place(text, file, path)}: {error['msg']}, found {found}")
    return told


def place(text: str, file: str, path: Path) -> str:
    """`file, line N: the.path` for the place in a text that a path of keys and positions leads to."""
    where = ".".join(str(part + 1) if isinstance(part, int) else part for part in path)
    return f"{file}, line {line_of(text, path)}: {where or 'file'}"


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
