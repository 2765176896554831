"""Makes people who cannot exist: identity numbers from birth places never issued, telephones from 140000."""

from __future__ import annotations

import random
from datetime import date

from stdnum.cn.ric import calc_check_digit

from data_contracts.demo.profile import profile, weighted


class People:
    """Draws names, identity numbers and telephone numbers; no number is given twice."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self._numbers: set[str] = set()

    def id_no(self, prefix: str, born: date, sex: str) -> str:
        """A well-formed number with a valid check digit under a prefix that no place ever had."""
        while True:
            order = self.rng.randrange(1, 500) * 2 - (1 if sex == "male" else 0)
            body = f"{prefix}{born:%Y%m%d}{order % 1000:03d}"
            number = body + calc_check_digit(body + "0")
            if number not in self._numbers:
                self._numbers.add(number)
                return number

    def child_id(self, born: date, sex: str) -> str:
        """A child's number; some were born where their parents worked."""
        return self.id_no(weighted(self.rng, profile()["identity"]["child_prefixes"]), born, sex)

    def adult_id(self, born: date, sex: str) -> str:
        """An adult's number under the old county's stand-in, seldom another place's."""
        return self.id_no(weighted(self.rng, profile()["identity"]["adult_prefixes"]), born, sex)

    def phone(self) -> str:
        """A telephone number in a range that no operator has."""
        return f"140000{self.rng.randrange(100_000):05d}"

    def surname(self, ethnicity: str = "汉族") -> str:
        """A family name usual in that group."""
        names = profile()["names"]
        special = {"佤族": names["wa_surnames"], "傣族": names["dai_surnames"]}
        return str(self.rng.choice(special.get(ethnicity, names["surnames"])))

    def full_name(self, surname: str, sex: str, ethnicity: str) -> str:
        """A name by the group's own pattern: the Lahu, Dai and Wa systems repeat a few given names."""
        names = profile()["names"]
        group = {"拉祜族": "lahu", "傣族": "dai", "佤族": "wa"}.get(ethnicity)
        if group:
            given = self.rng.choice(names[f"{group}_{sex}"])
            return given if group == "dai" and self.rng.random() < 0.5 else surname + given
        second = self.rng.choice(names["second"]) if self.rng.random() < 0.85 else ""
        return surname + self.rng.choice(names["given"]) + second
