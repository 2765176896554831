"""Why a card is not learned: one sentence for each reason, in both languages."""

from __future__ import annotations

from typing import NamedTuple

from models.complaints import Complaint


class Refusal(NamedTuple):
    """One thing that forbids to learn: the fact that it is about (empty: the whole) and the words of `code`."""

    fact: str
    code: str
    details: dict[str, str]

    def sentence(self, lang: str) -> str:
        """What was expected and what was found."""
        told = Complaint("", 0, self.fact, self.code, self.details)
        if lang == "zh":
            return f"应为{told.expected(lang)}，实为{told.found(lang)}"
        return f"expected {told.expected(lang)}, found {told.found(lang)}"

    def document(self, lang: str) -> dict[str, str]:
        """The refusal as plain values, in a language."""
        return {"fact": self.fact, "code": self.code, "text": self.sentence(lang)}


class LearningRefused(ValueError):
    """Nothing is learned; `refusals` says why, each once."""

    def __init__(self, refusals: list[Refusal]) -> None:
        self.refusals = tuple(refusals)
        super().__init__("; ".join(one.sentence("en") for one in refusals))


def refusal(fact: str, code: str, **details: object) -> Refusal:
    """A refusal with its details as text, the fact among them."""
    return Refusal(fact, code, {"fact": fact} | {name: str(value) for name, value in details.items()})
