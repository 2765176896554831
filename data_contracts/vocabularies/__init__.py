"""Code lists: code, Chinese, English, synonyms and source, read strictly from TOML."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field


class Value(BaseModel):
    """One code with its words; `also` holds other ways in which offices write it."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    code: str
    zh: str
    en: str
    also: tuple[str, ...] = ()
    mandatory: bool = False


class Vocabulary(BaseModel):
    """One code list and the document that it comes from."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    id: str
    zh: str
    en: str
    source: str
    values: tuple[Value, ...] = Field(min_length=1)

    def by_code(self, code: str) -> Value:
        """The value with that code; KeyError where the list has none."""
        for value in self.values:
            if value.code == code:
                return value
        raise KeyError(f"vocabulary {self.id}: no code {code}")

    def label(self, code: str | None, lang: str) -> str | None:
        """The words of a code in `zh` or `en`; None stays None."""
        return None if code is None else getattr(self.by_code(code), lang)


@cache
def vocabularies() -> dict[str, Vocabulary]:
    """All code lists by id."""
    found = {}
    for path in sorted(Path(__file__).parent.glob("*.toml")):
        vocabulary = Vocabulary.model_validate(tomllib.loads(path.read_text("utf-8")))
        if vocabulary.id != path.stem:
            raise ValueError(f"{path.name}: expected id {path.stem}, found {vocabulary.id}")
        found[vocabulary.id] = vocabulary
    return found
