"""The text of a cell as it was meant: width, invisible characters and traditional characters set right."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

from opencc import OpenCC

BLANKS = frozenset(
    {"", "-", "--", "—", "——", "/", "／", "空", "未填", "不详", "未知", "N/A", "null", "NULL", "None"}
)
# Zero-width and direction marks, soft hyphens, and the selectors by which fonts choose a character's look.
_INVISIBLE = re.compile(
    "[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0100-\U000e01ef]"
)
_TEXT_FORMULA = re.compile(r'="([^"]*)"')


@cache
def _simplify() -> OpenCC:
    return OpenCC("t2s")


def visible(text: str) -> str:
    """Text without the characters that nobody sees."""
    return _INVISIBLE.sub("", text)


@lru_cache(maxsize=200_000)
def clean(text: str) -> str:
    """Width, invisible characters and outer white space set right; a leading apostrophe of spreadsheets gone."""
    folded = visible(unicodedata.normalize("NFKC", text)).strip()
    # A csv keeps digits from its spreadsheet as ="0012": the text is what stands inside.
    formula = _TEXT_FORMULA.fullmatch(folded)
    return (formula[1] if formula else folded).strip().lstrip("'’`").strip()


@lru_cache(maxsize=200_000)
def simplified(text: str) -> str:
    """`clean`, in simplified characters (OpenCC's table leaves 繫 alone)."""
    return _simplify().convert(clean(text)).replace("繫", "系")


def is_blank(text: str) -> bool:
    """Whether an office writes this for "not recorded"."""
    return clean(text) in BLANKS
