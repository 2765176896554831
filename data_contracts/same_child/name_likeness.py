"""What is compared of a child's entries: a name in several foldings, the number as written, guardians, lists.

Works on opened names, so only in memory and only where the vault is open; nothing of it is ever written.
"""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict
from pypinyin import lazy_pinyin

from data_contracts.values import simplified

FIELDS = ("name", "birth_date", "village", "guardian", "sex", "id_no", "together")
AREA_AND_BIRTH = 14  # digits of an identity number before its sequence
OLD_LENGTH = 15


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Stated(_Strict):
    """A number with unit and source."""

    value: float
    unit: str
    source: str
    confirm_locally: bool = False


class Level(_Strict):
    """One grade of agreement: shares among one child's entries (m) and among two children's (u)."""

    code: str
    m: float
    u: float | Literal["data"]


class Field(_Strict):
    """The grades of one field, nearest first."""

    source: str
    levels: tuple[Level, ...]


class Variants(_Strict):
    """Characters that stand for each other."""

    source: str
    same: tuple[tuple[str, str], ...]


class Patterns(_Strict):
    """Syllables that many names share."""

    source: str
    prefixes: tuple[str, ...]


class Weights(_Strict):
    """The whole of name_likeness.toml."""

    prior: dict[str, Stated]
    listing: dict[str, Stated]
    name: Field
    birth_date: Field
    village: Field
    guardian: Field
    sex: Field
    id_no: Field
    together: Field
    variants: Variants
    name_patterns: Patterns

    def field(self, name: str) -> Field:
        """The grades of the field of that name."""
        found = getattr(self, name)
        assert isinstance(found, Field)
        return found


class Entry(NamedTuple):
    """One child as the lists give it; None or an empty list where nothing is known.

    `guardians`: references and names of carer, father and mother; `rolls`: the lists, each of one delivery, that name
    every child once; `number` a usable identity number, `number_written` one that could not be used.
    """

    child_id: str
    name: str | None
    birth_date: dt.date | None
    village_code: str | None
    sex: str | None
    number: str | None
    number_written: str | None
    guardians: tuple[str, ...]
    rolls: tuple[str, ...]


@cache
def weights() -> Weights:
    """The stated weights."""
    text = Path(__file__).with_name("name_likeness.toml").read_text("utf-8")
    return Weights(**tomllib.loads(text))


def folded(name: str) -> str:
    """A name without dots and spaces, in simplified characters, one of each pair of variants."""
    plain = re.sub(r"[·\s]", "", simplified(name))
    for rare, usual in weights().variants.same:
        plain = plain.replace(rare, usual)
    return plain


def pinyin(name: str) -> str:
    """How a folded name is read, without tones."""
    return " ".join(lazy_pinyin(name))


def pattern_of(name: str) -> str | None:
    """A name of the Lahu, Dai or Wa pattern without its last, personal syllable and its surname: 李扎妥 → 扎."""
    for prefix in weights().name_patterns.prefixes:
        if re.fullmatch(f".?{prefix}.", name):
            return prefix
    return None


def digits_kept(written: str) -> str:
    """What is left of an unusable number: after a spreadsheet's rounding, area and birth date only."""
    text = written.upper().replace(" ", "")
    rounded = re.fullmatch(r"(\d(?:\.\d+)?)E\+?\d+(?:\.0)?", text)
    if rounded:
        return rounded[1].replace(".", "")[:AREA_AND_BIRTH]
    text = re.sub(r"\.0+$", "", text)
    return text[:AREA_AND_BIRTH] if re.search(r"000$", text) and len(text) > AREA_AND_BIRTH else text


def number_of(entry: Entry) -> str | None:
    """The number to compare, an old 15-digit one in the new order."""
    if entry.number is None:
        return digits_kept(entry.number_written) if entry.number_written else None
    old = len(entry.number) == OLD_LENGTH
    return entry.number[:6] + "19" + entry.number[6:] if old else entry.number


def shares(entries: Sequence[Entry]) -> dict[str, float]:
    """`village/name` → how likely another child there has that name; `/name` for an unknown village.

    The village's own share, steadied by the district's; the entries of the pair itself are left out of the village's.
    An unknown village takes the largest share of any, so that leaving the village out never makes a name weigh more.
    """
    named = [(entry.village_code or "", folded(entry.name)) for entry in entries if entry.name]
    overall: dict[str, int] = {}
    here: dict[tuple[str, str], int] = {}
    people: dict[str, int] = {}
    for village, name in named:
        overall[name] = overall.get(name, 0) + 1
        here[village, name] = here.get((village, name), 0) + 1
        people[village] = people.get(village, 0) + 1
    steady = weights().prior["neighbours"].value
    most = weights().name.levels[0].m  # agreement never speaks against, however common the name
    found: dict[str, float] = {}
    for (village, name), count in here.items():
        general = overall[name] / len(named)
        own = (max(count - 2, 0) + steady * general) / (max(people[village] - 2, 0) + steady)
        share = min(max(own, general), most)
        if village:
            found[f"{village}/{name}"] = share
        found[f"/{name}"] = max(found.get(f"/{name}", 0.0), share)
    return found
