"""Names of villages, townships and schools → their codes, as the area ledger gives them."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import NamedTuple

from data_contracts import values
from registry.store import Connection, run

DISTRICT_DIGITS, TOWNSHIP_DIGITS, VILLAGE_DIGITS = 6, 9, 12


class Sender(NamedTuple):
    """Who filled in a sheet: a village code, a school, or only a name."""

    name: str | None = None
    village_code: str | None = None
    org_code: str | None = None
    org_name: str | None = None


class Places:
    """Look-ups over the area and org ledgers; a name that means two places means none."""

    def __init__(
        self,
        areas: list[tuple[str, str, str, str | None]],
        orgs: list[tuple[str, str]],
        old_codes: list[tuple[str, str]] | None = None,
    ) -> None:
        self._villages: dict[str, set[str]] = defaultdict(set)
        self._townships: dict[str, str] = {}
        self._codes = {code for code, *_ in areas}
        for code, name, level, alias in areas:
            if level == "township":
                self._townships[name] = code
            if level == "village":
                for word in (name, *re.split(r"[、,;；]", alias or "")):
                    if word:
                        self._villages[word].add(code)
        self._orgs = {name: code for code, name in orgs}
        followers: dict[str, set[str]] = defaultdict(set)
        for old, code in old_codes or []:
            followers[old].add(code)
        self._old_codes = {old: next(iter(codes)) for old, codes in followers.items() if len(codes) == 1}

    @classmethod
    def from_registry(cls, connection: Connection) -> Places:
        """The places that the registry knows now."""
        areas = run(connection, 'SELECT area_code, "name", "level", alias FROM area ORDER BY _seq')
        orgs = run(connection, 'SELECT org_code, "name" FROM org ORDER BY _seq')
        old_codes = run(
            connection,
            "SELECT trim(unnest(string_split_regex(legacy_code, '[、,;；]'))), area_code FROM area "
            "WHERE legacy_code IS NOT NULL",
        )
        return cls(areas, orgs, old_codes)

    @property
    def known(self) -> bool:
        """Whether any area has been taken in."""
        return bool(self._codes)

    @staticmethod
    def code(text: str) -> str | None:
        """What is written, if it has the form of an area's code."""
        written = values.simplified(text)
        return written if re.fullmatch(r"\d{6}(\d{3}){0,2}", written) else None

    def area(self, text: str) -> str | None:
        """The code of a village, township or district, by code, old code or name (township + village too)."""
        written = values.simplified(text)
        if self.code(written):
            return written if written in self._codes or not self._codes else self._old_codes.get(written)
        if written in self._townships:
            return self._townships[written]
        return self.village(written)

    def village(self, text: str, hint: str = "") -> str | None:
        """The village of that name; `hint` (a title) may hold the township that decides between two."""
        written = values.simplified(text)
        found = self._villages.get(written, set())
        if len(found) == 1:
            return next(iter(found))
        around = values.simplified(hint) + written
        for name, township in self._townships.items():
            if name in around:
                rest = written.removeprefix(name)
                inside = {code for code in self._villages.get(rest, found) if code.startswith(township)}
                if len(inside) == 1:
                    return next(iter(inside))
        return None

    def township(self, text: str | None) -> str | None:
        """The code of the township of that name."""
        return self._townships.get(values.simplified(text)) if text else None

    def org(self, text: str | None) -> str | None:
        """The code of the school or unit of that name."""
        return self._orgs.get(values.simplified(text)) if text else None

    def sender(self, name: str | None, hint: str) -> Sender:
        """Who a sheet's «填报单位» is; without one, the only place or school that `hint` names."""
        if name:
            org = self.org(name)
            return Sender(name, self.village(name, hint), org, values.simplified(name) if org else None)
        written = values.simplified(hint)
        schools = [school for school in self._orgs if school in written]
        if len(schools) == 1:
            return Sender(schools[0], None, self._orgs[schools[0]], schools[0])
        named = [word for word in self._villages if word in written]
        longest = [word for word in named if not any(word != other and word in other for other in named)]
        if len(longest) == 1:
            return Sender(longest[0], self.village(longest[0], hint))
        return Sender()
