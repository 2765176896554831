"""What is wrong with a file of ours: where, what was expected, what was found, in Chinese and in English."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from pydantic_core import PydanticCustomError

WORDS = Path(__file__).with_name("complaints.toml")
LANGUAGES = ("zh", "en")


class Complaint(NamedTuple):
    """One thing that is wrong: file, line (from 1), the path of keys to it, and the words of `code`."""

    file: str
    line: int
    path: str
    code: str
    details: dict[str, str]

    def expected(self, lang: str) -> str:
        """What should stand there."""
        return _words()[self.code]["expected"][lang].format(**self.details)

    def found(self, lang: str) -> str:
        """What stands there."""
        return _words()[self.code]["found"][lang].format(**self.details)

    def sentence(self, lang: str = "en") -> str:
        """File, line, path, expected, found as one sentence."""
        where = self.path or ("文件" if lang == "zh" else "file")
        if lang == "zh":
            return (
                f"{self.file} 第 {self.line} 行，{where}：应为{self.expected(lang)}，实为{self.found(lang)}"
            )
        return f"{self.file}, line {self.line}: {where}: expected {self.expected(lang)}, found {self.found(lang)}"

    def document(self, lang: str) -> dict[str, Any]:
        """The complaint as plain values, in a language."""
        return {
            "file": self.file,
            "line": self.line,
            "path": self.path,
            "code": self.code,
            "expected": self.expected(lang),
            "found": self.found(lang),
            "text": self.sentence(lang),
        }


class FileProblem(ValueError):
    """A file of ours that cannot be used; `complaints` says what is wrong, where that is known line by line."""

    def __init__(self, what: str | list[Complaint]) -> None:
        self.complaints: tuple[Complaint, ...] = () if isinstance(what, str) else tuple(what)
        super().__init__(
            what if isinstance(what, str) else "; ".join(one.sentence() for one in self.complaints)
        )


@cache
def _file() -> dict[str, Any]:
    return tomllib.loads(WORDS.read_text("utf-8"))


def _words() -> dict[str, dict[str, dict[str, str]]]:
    words: dict[str, dict[str, dict[str, str]]] = _file()["words"]
    return words


def is_code(code: str) -> bool:
    """Whether there are words for the code."""
    return code in _words()


def word_of_key(key: str, lang: str) -> str:
    """What a key stands for, in words; the key itself where it says so already."""
    gloss: dict[str, dict[str, str]] = _file()["keys"]
    return gloss[key][lang] if key in gloss else key


def complain(code: str, /, **details: object) -> PydanticCustomError:
    """The error for a validator to raise, so that its reader gets the words of `code`."""
    told = {name: str(value) for name, value in details.items()}
    return PydanticCustomError(code, "{words}", {**told, "words": code})  # type: ignore[arg-type]
