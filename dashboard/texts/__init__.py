"""The words that people read: every `*zh_CN.toml` and `*en.toml` here, with equal keys in both languages.

tests/house/test_languages.py holds that they are equal.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

FILES = {"zh": "zh_CN.toml", "en": "en.toml"}
LANGUAGES = tuple(FILES)
DEFAULT_LANGUAGE = "zh"


class MissingText(KeyError):
    """A text that does not exist; an error rather than a raw key shown to people."""


def text(lang: str, key: str, **values: object) -> str:
    """The text under a dotted key, with `{name}` filled from the values; MissingText when there is none."""
    try:
        template = texts(lang)[key]
    except KeyError:
        raise MissingText(f"texts: expected {key!r} in {FILES.get(lang, lang)}, found nothing") from None
    try:
        return template.format(**values)
    except (KeyError, IndexError) as error:
        raise MissingText(
            f"texts: {key!r} expected values {sorted(fields(template))}, lacks {error}"
        ) from None


@cache
def texts(lang: str) -> dict[str, str]:
    """All texts of a language by dotted key; TypeError where a key stands in two files."""
    found: dict[str, str] = {}
    stands_in: dict[str, str] = {}
    for file in sorted(Path(__file__).parent.glob(f"*{FILES[lang]}")):
        for key, words in _flatten("", tomllib.loads(file.read_text(encoding="utf-8"))):
            if key in found:
                places = f"{stands_in[key]} and {file.name}"
                raise TypeError(f"texts: expected {key!r} once, found it in {places}")
            found[key], stands_in[key] = words, file.name
    return found


def fields(template: str) -> set[str]:
    """The names that a text wants filled in."""
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}


def known_language(wanted: str | None, otherwise: str = DEFAULT_LANGUAGE) -> str:
    """The wanted language where there are texts for it."""
    return wanted if wanted in FILES else otherwise


def _flatten(prefix: str, table: dict[str, Any]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for name, value in table.items():
        if isinstance(value, dict):
            found += _flatten(f"{prefix}{name}.", value)
        elif isinstance(value, str):
            found.append((prefix + name, value))
        else:
            raise TypeError(f"texts: expected words under {prefix}{name}, found {type(value).__name__}")
    return found
