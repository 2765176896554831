"""The articles that contracts, indicators, rules and cards cite, read strictly from `clauses.toml`."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

FILE = Path(__file__).parent / "clauses.toml"


class ClauseError(ValueError):
    """The file of clauses cannot be read, or somebody cites a clause that it lacks."""


class Clause(BaseModel):
    """One article: the id by which it is cited, its document, and its words in both languages."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    id: str = Field(min_length=1)
    document: str = Field(min_length=1)
    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    clause: list[Clause]


def parse(text: str, name: str) -> dict[str, Clause]:
    """Clauses by id; ClauseError where an id stands twice."""
    try:
        read = _File(**tomllib.loads(text)).clause
    except (tomllib.TOMLDecodeError, ValidationError) as problem:
        raise ClauseError(f"{name}: {problem}") from problem
    found: dict[str, Clause] = {}
    for clause in read:
        if clause.id in found:
            raise ClauseError(f"{name}: clause {clause.id} stands twice")
        found[clause.id] = clause
    return found


@cache
def clauses() -> dict[str, Clause]:
    """All clauses by id, in the order of the file."""
    return parse(FILE.read_text("utf-8"), FILE.name)


def clause(cited: str) -> Clause:
    """The clause of that id; ClauseError where there is none."""
    if cited not in clauses():
        raise ClauseError(f"no clause {cited!r} in {FILE.name}; known are {', '.join(clauses())}")
    return clauses()[cited]


def cited_in(text: str) -> list[str]:
    """The ids in a citation such as `未保法22、23` or `未保法11；四·2`."""
    found: list[str] = []
    law = ""
    for part in text.replace("；", ";").replace("、", ";").split(";"):
        part = part.strip()
        if part.isdigit():  # the same law's next article
            found.append(law + part)
            continue
        law = part.rstrip("0123456789")
        found.append(part)
    return found
