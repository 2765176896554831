"""How like an unknown heading's words are to known ones.

What is left of a heading after filling words and listed equal words are set aside must be the known words, in another
order, with one character of the same sound or shape, or shortened.  A heading that holds any other word that means
something (父/母, 应/走, 出生/建档) is like nothing, however many characters agree: a ratio of characters alone took
父亲电话 for 母亲电话 at 0.75 and is never the judge here.

pypinyin gives the characters' sounds.  rapidfuzz was tried and serves nothing here: its ratios are what must not
decide.  Numbers and words: likeness.toml.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path

from pydantic import BaseModel, ConfigDict
from pypinyin import lazy_pinyin

from data_contracts.forms import FormColumn, forms
from data_contracts.headings.heading_words import words_of

LONGEST_HEADING = 24
SHORTEST_WITH_SLIP = 4
_BRACKETS = re.compile(r"\(([^()]*)\)")
_SLOPPY = str.maketrans({"ü": "v"})


class Amount(BaseModel):
    """One number of the matching, with its reason."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    value: float
    unit: str
    reason: str


class Settings(BaseModel):
    """The whole of likeness.toml."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    certainty: dict[str, Amount]
    content: dict[str, float]
    equal: dict[str, list[str]]
    filling: dict[str, list[str]]
    shapes: dict[str, list[str]]
    subjects: dict[str, list[str]]

    def share(self, name: str) -> float:
        """One of the numbers."""
        return self.certainty[name].value


@cache
def settings() -> Settings:
    """The numbers and words of likeness.toml, read strictly."""
    return Settings.model_validate(
        tomllib.loads(Path(__file__).with_name("likeness.toml").read_text("utf-8"))
    )


@cache
def _replacements() -> list[tuple[str, str]]:
    pairs = [(other, word) for word, others in settings().equal.items() for other in others]
    return sorted(pairs, key=lambda pair: -len(pair[0]))


@lru_cache(maxsize=20_000)
def core(name: str) -> str:
    """What a heading says: filling words, units in brackets and other words for the same thing set aside."""
    brackets = {*settings().filling["brackets"], *settings().filling["words"]}
    text = _BRACKETS.sub(lambda found: "" if found[1].lower() in brackets else found[0], name)
    kept: list[str] = []
    while text:
        same = next(((other, word) for other, word in _replacements() if text.startswith(other)), None)
        kept.append(same[1] if same else text[0])
        text = text[len(same[0]) if same else 1 :]
    plain = "".join(kept)
    for filling in settings().filling["words"]:
        plain = plain.replace(filling, "") or plain
    return plain


@cache
def _meaning_characters() -> frozenset[str]:
    """Characters of all known headings: one of them too many makes another heading."""
    known = {word for form in forms().values() for column in form.columns for word in words_of(column)}
    groups = {column.group for form in forms().values() for column in form.columns}
    return frozenset("".join(known | groups) + "".join(settings().subjects["words"]))


@lru_cache(maxsize=5_000)
def _sound(character: str) -> str:
    sound = lazy_pinyin(character)[0].translate(_SLOPPY)
    return re.sub(r"^([zcs])h", r"\1", re.sub(r"([aei])ng$", r"\1n", sound))


def _is_slip(typed: str, meant: str) -> bool:
    """Whether a character is easily typed for another and means nothing in any known heading."""
    if typed in _meaning_characters():
        return False
    alike = any(typed in pair and meant in pair for pair in settings().shapes["pairs"])
    return alike or _sound(typed) == _sound(meant)


@lru_cache(maxsize=200_000)
def alike(name: str, known: str) -> float:
    """How like a heading's words are to known words, from 0 (another meaning) to 1."""
    said, meant, share = core(name), core(known), settings().share
    if said == meant:
        return share("same_words")
    if len(said) >= 3 and sorted(said) == sorted(meant):
        return share("other_order")
    if Counter(said) - Counter(meant):
        return share("same_sound") if _one_slip(said, meant) else 0.0
    left = len(said) / len(meant)
    return share("shortened") * left if len(said) >= 2 and _is_part(said, meant) else 0.0


def _one_slip(said: str, meant: str) -> bool:
    if len(said) != len(meant) or len(meant) < SHORTEST_WITH_SLIP:
        return False
    differing = [pair for pair in zip(said, meant, strict=True) if pair[0] != pair[1]]
    return len(differing) == 1 and _is_slip(*differing[0])


def _is_part(said: str, meant: str) -> bool:
    """Whether the characters stand in the same order in what is meant."""
    rest = iter(meant)
    return all(character in rest for character in said)


@lru_cache(maxsize=20_000)
def subjects(name: str) -> frozenset[str]:
    """The persons that a heading names."""
    return frozenset(word for word in settings().subjects["words"] if word in core(name))


def is_about_another(name: str, above: str, column: FormColumn) -> bool:
    """Whether a heading, or the level above it, names somebody whom the column is not about."""
    own = subjects(column.group + column.heading)
    for word in words_of(column):
        own |= subjects(word)
    return bool(subjects(above + name) - own)


@cache
def _all_words() -> dict[str, set[str]]:
    """Every known word, and the headings that it stands for in any form."""
    found: dict[str, set[str]] = {}
    for form in forms().values():
        for column in form.columns:
            for word in words_of(column):
                found.setdefault(word, set()).add(column.heading)
    return found


@lru_cache(maxsize=20_000)
def _best_of_all(name: str) -> tuple[tuple[float, str], ...]:
    """(likeness, heading) of all headings of all forms that a name is like, likest first."""
    if len(name) > LONGEST_HEADING or not name:
        return ()
    best: dict[str, float] = {}
    for word, headings in _all_words().items():
        found = alike(name, word)
        if found:
            for meant in headings:
                best[meant] = max(found, best.get(meant, 0.0))
    return tuple(sorted(((found, meant) for meant, found in best.items()), reverse=True))


@cache
def _pairs_of_characters() -> dict[str, set[str]]:
    """Every two characters that stand together in a known word, and the headings that they point to."""
    found: dict[str, set[str]] = {}
    for word, headings in _all_words().items():
        for pair in pairwise(core(word)):
            found.setdefault("".join(pair), set()).update(headings)
    return found


def pointed_to(name: str, column: FormColumn) -> set[str]:
    """Other headings of any form with which a heading shares two characters: 实际用途 and 指定用途."""
    said = core(name)
    pairs = ("".join(pair) for pair in pairwise(said))
    return {one for pair in pairs for one in _pairs_of_characters().get(pair, set())} - {column.heading}


def by_words(name: str, above: str, column: FormColumn) -> float:
    """The likeness of a heading to a column; 0 where it is as like another heading of any form."""
    if is_about_another(name, above, column):
        return 0.0
    ranked = {meant: found for found, meant in _best_of_all(name)}
    own, same = ranked.get(column.heading, 0.0), core(column.heading)
    rivals = (found for meant, found in ranked.items() if core(meant) != same)
    return own if own > max(rivals, default=0.0) else 0.0
