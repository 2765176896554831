"""Names, places, days and codes of a worked example in words."""

from __future__ import annotations

import re

from dashboard.texts import text
from dashboard.views.words import either, period_words
from data_contracts.contract import contracts
from data_contracts.vocabularies import vocabularies
from models.definitions import Definition, ExampleTable

CHILD_COLUMNS = ("child_id", "other_id")
PERSON_COLUMNS = ("worker_ref", "visitor_ref")
HOUSE_COLUMNS = ("carer_ref", "household_ref")
NAME = "name"
CHINESE = re.compile(r"[一-鿿]")


class Names:
    """The people and places of one example under invented plain names, numbered as they first appear."""

    def __init__(self, definition: Definition, lang: str) -> None:
        self.lang = lang
        self.known: dict[str, str] = {}
        for table in definition.example.delivered():
            self._places(table)
        for table in definition.example.delivered():
            for at, column in enumerate(table.columns):
                self._numbered(column, [row[at] for row in table.rows])

    def _places(self, table: ExampleTable) -> None:
        code = {"area": "area_code", "org": "org_code"}.get(table.name)
        if code and {code, "name"} <= set(table.columns):
            at, name = table.columns.index(code), table.columns.index("name")
            self.known |= {row[at]: row[name] for row in table.rows if row[name] and self.lang == "zh"}

    def _numbered(self, column: str, cells: list[str]) -> None:
        kinds = {(NAME,): "name", CHILD_COLUMNS: "child", PERSON_COLUMNS: "person", HOUSE_COLUMNS: "house"}
        kind = next((kind for columns, kind in kinds.items() if column in columns), "")
        for cell in cells if kind else ():
            if cell and cell not in self.known:
                number = sum(1 for words in self.known.values() if words.startswith(self._stem(kind))) + 1
                self.known[cell] = text(self.lang, f"definitions.named.{kind}", number=number)

    def _stem(self, kind: str) -> str:
        return text(self.lang, f"definitions.named.{kind}", number="")

    def plain(self, words: str) -> str:
        """Words of the ledger itself: terms in words, and in English an invented Chinese name as `Name 1`."""
        said = period_words(words, self.lang)
        if self.lang == "zh" or not CHINESE.search(said):
            return said
        self._numbered(NAME, [said])
        return self.known[said]

    def place(self, code: str) -> str:
        """A district, township, village or unit by its name in the example."""
        if code in self.known:
            return self.known[code]
        known = either(self.lang, f"definitions.place.{code}", "")
        if known or not code:
            return known or text(self.lang, "definitions.place.none")
        self.known[code] = text(self.lang, "definitions.named.unit", mark=code[-2:].lstrip("_0"))
        return self.known[code]

    def subject(self, words: str) -> str:
        """A subject such as `child@day`, each part in words."""
        return " · ".join(self._part(part) for part in words.split("@") if part)

    def _part(self, part: str) -> str:
        if "→" in part:
            return "→".join(self._part(one) for one in part.split("→"))
        if part in self.known:
            return self.known[part]
        if re.fullmatch(r"530902\w*", part):
            return self.place(part)
        if part in contracts():
            return str(getattr(contracts()[part], self.lang))
        table, _, check = part.partition(".")
        if check and table in contracts():
            return f"{getattr(contracts()[table], self.lang)} · {check_words(table, check, self.lang)}"
        return word_of(part, self.lang) or self.plain(part)


def check_words(table: str, check: str, lang: str) -> str:
    """A rule of a table: its own words, or the column that it looks at."""
    for one in contracts()[table].checks:
        if one.id == check:
            return str(getattr(one, lang))
    columns = [one for one in contracts()[table].columns if check.startswith(one.name)]
    return str(getattr(columns[0], lang)) if columns else check


def any_check(check: str, lang: str) -> str:
    """A rule by its name alone: of the table whose column it looks at."""
    for table, contract in contracts().items():
        if any(check.startswith(one.name) for one in contract.columns):
            return check_words(table, check, lang)
    return check


def word_of(code: str, lang: str) -> str:
    """A code of any list in words; empty where no list has it."""
    for vocabulary in vocabularies().values():
        for value in vocabulary.values:
            if value.code == code:
                return value.zh if lang == "zh" else value.en
    return ""
