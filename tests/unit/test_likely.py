"""Entries that may be one child: what agrees, what differs, what is not known, and how much it weighs."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from data_contracts.same_child.identity import shared_certainty
from data_contracts.same_child.likely import CONDITIONS, Weighed, weigh
from data_contracts.same_child.name_likeness import FIELDS, Entry, folded, shares, weights

BORN = dt.date(2014, 5, 6)
VILLAGE = "530902001901"
OTHER_VILLAGE = "530902102901"


def entry(child: str, name: str | None = "王梓豪", **known: Any) -> Entry:
    found = {"birth_date": BORN, "village_code": VILLAGE, "sex": None, "number": None, "number_written": None,
             "guardians": (), "rolls": (), **known}  # fmt: skip
    return Entry(child, name, **found)


def grade(field: str, first: Entry, second: Entry) -> str:
    (pair,) = weigh([first, second])
    return pair.grades[field]


def grades(field: str, pairs: list[tuple[Entry, Entry]]) -> list[str]:
    """Each pair in a village of its own, all in one run."""
    people = []
    for at, pair in enumerate(pairs):
        people += [
            one._replace(child_id=f"{at:03}{side}", village_code=f"5309020019{at:02}")
            for side, one in zip("ab", pair, strict=True)
        ]
    found = {
        pair.child_id: pair.grades[field] for pair in weigh(people) if pair.child_id[:3] == pair.other_id[:3]
    }
    return [found[f"{at:03}a"] for at in range(len(pairs))]


NAMES = [
    ("王梓豪", "王梓豪", "same"),
    ("王梓豪", "王豪梓", "order"),
    ("王梓豪", "王子豪", "homophone"),
    ("王梓豪", "王梓毫", "homophone"),
    ("李扎妥", "扎妥", "within"),
    ("刀岩温", "岩温", "within"),
    ("王梓豪", "王梓轩", "one_character"),
    ("王梓豪", "王豪", "one_character"),
    ("王梓豪", "梓豪王轩", "differ"),
    ("王勇", "王军", "one_of_two"),
    ("王梓豪", "赵家明", "differ"),
    ("阿依古丽·买买提", "阿依古丽买买提", "same"),
    ("张昇", "张升", "same"),
    ("張偉", "张伟", "same"),
    ("王喆豪", "王哲豪", "same"),
]


def test_names_are_alike_in_steps() -> None:
    found = grades("name", [(entry("a", one), entry("b", other)) for one, other, _ in NAMES])
    assert list(zip(NAMES, found, strict=True)) == [(name, name[2]) for name in NAMES]


PATTERNED = [
    ("扎克", "扎莫"), ("扎体", "扎约"), ("娜妥", "娜莫"), ("李扎克", "李扎莫"),  # Lahu
    ("岩温", "岩罕"), ("玉罕", "玉香"), ("刀岩温", "刀岩罕"),  # Dai
    ("艾嘎", "艾惹"), ("尼茸", "尼惹"), ("三木嘎", "三木惹"), ("叶茸", "叶惹"),  # Wa, by order of birth
]  # fmt: skip


def test_two_names_that_share_only_the_syllable_of_their_pattern_are_two_names() -> None:
    found = grades("name", [(entry("a", one), entry("b", other)) for one, other in PATTERNED])
    assert dict(zip(PATTERNED, found, strict=True)) == dict.fromkeys(PATTERNED, "differ")


DAYS = {
    "2014-05-06": "same",
    "2014-06-05": "swapped",
    "2014-05-16": "one_digit",
    "2015-05-06": "one_digit",
    "2014-11-28": "differ",
}


def test_birth_dates_are_alike_in_steps() -> None:
    others = [entry("b", birth_date=dt.date.fromisoformat(day)) for day in DAYS]
    decade = (entry("a", birth_date=dt.date(2009, 5, 6)), entry("b", birth_date=dt.date(2010, 5, 6)))
    found = grades("birth_date", [*((entry("a"), other) for other in others), decade])
    assert found == [*DAYS.values(), "year_off"]


NUMBER = "539902201405063517"
NUMBERS: list[tuple[dict[str, str], str]] = [
    ({"number_written": "539902201405063518"}, "one_digit"),
    ({"number_written": "539902201405065317"}, "one_digit"),  # two neighbours swapped
    ({"number_written": "53990220140506351"}, "one_digit"),  # one lost
    ({"number_written": "5.39902201405064E+17"}, "tail_lost"),  # a spreadsheet's rounding
    ({"number_written": "539902201405064000"}, "tail_lost"),
    ({"number_written": "449902201405069999"}, "differ"),
    ({"number": "53990220140506104X"}, "differ_valid"),
    ({}, "unknown"),
]


def test_numbers_are_alike_in_steps() -> None:
    found = grades("id_no", [(entry("a", number=NUMBER), entry("b", **known)) for known, _ in NUMBERS])
    assert list(zip(NUMBERS, found, strict=True)) == [(one, one[1]) for one in NUMBERS]


BLANK = {"name": None, "birth_date": None, "village_code": None, "sex": None, "number": None, "guardians": ()}
FIELD_OF = {"name": "name", "birth_date": "birth_date", "village_code": "village", "sex": "sex", "number": "id_no",
            "guardians": "guardian"}  # fmt: skip
FULL = {"name": "王梓豪", "birth_date": BORN, "village_code": VILLAGE, "sex": "male", "number": NUMBER,
        "guardians": ("张秀英",)}  # fmt: skip


@pytest.mark.parametrize("both", [False, True])
@pytest.mark.parametrize("column", [name for name in BLANK if name != "number"])
def test_a_missing_value_is_never_agreement(column: str, both: bool) -> None:
    blank = {**FULL, column: BLANK[column]}
    second = {**blank, "number": "53990220140506104X"}
    first = blank if both else {**FULL}
    found = weigh([entry("a", **first), entry("b", **second)])
    for pair in found:
        assert pair.grades[FIELD_OF[column]] == "unknown"
    full = weigh([entry("a", **FULL), entry("b", **{**FULL, "number": "53990220140506104X"})])
    assert all(pair.weight <= full[0].weight for pair in found), (
        "leaving out what agrees never raises the weight"
    )


def test_leaving_out_the_village_never_makes_a_name_weigh_more() -> None:
    village = [entry(f"o{at}", "扎妥", birth_date=dt.date(2012, 1, 1 + at)) for at in range(9)]
    strangers = [
        entry(f"s{at}", f"王{one}", village_code=OTHER_VILLAGE) for at, one in enumerate("甲乙丙丁戊己庚辛")
    ]
    crowd = shares([*village, *strangers])
    assert crowd["/扎妥"] >= crowd[f"{VILLAGE}/扎妥"] > 7 / 20


def test_a_name_that_many_share_in_the_village_weighs_little() -> None:
    crowd = [entry(f"o{at}", "扎妥", birth_date=dt.date(2010, 1, 1 + at)) for at in range(12)]
    crowd += [
        entry(f"p{at}", f"李{one}", birth_date=dt.date(2011, 2, 1 + at))
        for at, one in enumerate("甲乙丙丁戊己")
    ]

    def weight(name: str) -> float:
        found = {
            (one.child_id, one.other_id): one for one in weigh([entry("a", name), entry("b", name), *crowd])
        }
        return found["a", "b"].weight

    rare, common = weight("王梓豪"), weight("扎妥")
    assert rare > common + 2, "a rare name is worth two bits and more beyond one that half the village bears"


def test_being_on_one_list_of_one_delivery_speaks_against_and_being_on_two_tells_nothing() -> None:
    first = entry("a", rolls=("d1/village_ledger",))
    assert grade("together", first, entry("b", rolls=("d1/village_ledger",))) == "differ"
    assert grade("together", first, entry("b", rolls=("d2/village_ledger",))) == "unknown"


def test_a_row_without_number_that_fits_two_twins_is_probably_neither_for_sure() -> None:
    grades = dict.fromkeys(FIELDS, "unknown")
    pairs = [Weighed("loose", "twin1", 6.0, grades), Weighed("loose", "twin2", 6.0, grades)]
    assert [round(one, 2) for one in shared_certainty(pairs, {"twin1", "twin2"})] == [0.5, 0.5]
    assert round(shared_certainty(pairs[:1], {"twin1"})[0], 2) == 0.98


def test_the_same_entries_in_another_order_weigh_the_same() -> None:
    people = [entry("a"), entry("b", "王子豪"), entry("c", "扎妥"), entry("d", "李扎妥", village_code=None)]
    assert weigh(people) == weigh(people[::-1])


def test_every_stated_grade_can_be_given_and_shares_are_shares() -> None:
    for field in FIELDS:
        levels = weights().field(field).levels
        assert {level.code for level in levels[:-1]} == set(CONDITIONS[field])
        assert abs(sum(level.m for level in levels) - 1) < 0.01, field
        stated = sum(level.u for level in levels if level.u != "data")
        assert stated <= 1.01, field


def test_rare_characters_fold_to_their_usual_ones() -> None:
    assert folded("张 昇") == folded("張升") == "张升"
    assert folded("阿·依") == "阿依"
