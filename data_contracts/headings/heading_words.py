"""The words of headings: set right, their listed synonyms, and which rows of a sheet may be its headings."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from data_contracts import values
from data_contracts.forms import FormColumn, forms

SEARCHED_ROWS = 15
_PINYIN = re.compile(r"\([a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜüńňǹḿ\s'’]+\)", re.IGNORECASE)
_BARE_PINYIN = re.compile(r"(?<![A-Za-z0-9])[a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜüńňǹḿ'’ ]{2,}(?![A-Za-z0-9/\-])")
_CHINESE = re.compile(r"[\u3400-\u9fff]")


class HeaderRows(NamedTuple):
    """Rows that may be a sheet's headings: the words of each column, and of the level above it ("" for none)."""

    first_row: int
    height: int
    names: list[str]
    above: list[str]


@lru_cache(maxsize=20_000)
def heading(text: str) -> str:
    """A heading's plain words: width, line breaks, pinyin, marks and traditional characters set right."""
    folded = _PINYIN.sub("", unicodedata.normalize("NFKC", text))
    if _CHINESE.search(folded):
        folded = _BARE_PINYIN.sub("", folded)
    folded = re.sub(r"[\s*:：]", "", folded)
    return values.simplified(folded)


@cache
def _synonyms() -> dict[str, tuple[str, ...]]:
    text = (Path(__file__).parent / "headings.toml").read_text("utf-8")
    return {heading(word): tuple(map(heading, also)) for word, also in tomllib.loads(text)["also"].items()}


def words_of(column: FormColumn) -> tuple[str, ...]:
    """A column's heading and all words listed for it."""
    own = heading(column.heading)
    return (own, *map(heading, column.also), *_synonyms().get(own, ()))


@cache
def words(form_id: str) -> dict[str, FormColumn]:
    """Each word that a form's columns are known by; a heading of the form itself comes before a synonym."""
    found: dict[str, FormColumn] = {}
    columns = forms()[form_id].columns
    for column in columns:
        found[heading(column.heading)] = column
    for column in columns:
        for word in words_of(column)[1:]:
            found.setdefault(word, column)
    return found


def header_candidates(rows: Sequence[Sequence[str]]) -> Iterator[HeaderRows]:
    """Rows at the top of a sheet that may hold its headings, alone or with the row below."""
    for index, row in enumerate(rows[:SEARCHED_ROWS]):
        if sum(1 for cell in row if values.clean(cell)) < 2:
            continue
        names = [heading(cell) for cell in row]
        yield HeaderRows(index, 1, names, [""] * len(names))
        if index + 1 < len(rows):
            below = [heading(cell) for cell in rows[index + 1]]
            both = [low or high for high, low in zip(names, below, strict=True)]
            yield HeaderRows(index, 2, both, _carried(names, below))


def _carried(high: Sequence[str], low: Sequence[str]) -> list[str]:
    """The upper level of each column; a merged one stands in its first cell only and is carried to the right."""
    above, last = [], ""
    for upper, lower in zip(high, low, strict=True):
        last = upper or last
        above.append(last if lower else "")
    return above


def column_letter(index: int) -> str:
    """A column as spreadsheets name it: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
