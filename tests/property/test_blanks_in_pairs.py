"""A blank field never makes two entries more certainly one child, whatever else is known of them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data_contracts.same_child.likely import weigh
from data_contracts.same_child.name_likeness import Entry

FIELD_OF = {
    "name": "name",
    "birth_date": "birth_date",
    "village_code": "village",
    "sex": "sex",
    "guardians": "guardian",
    "number_written": "id_no",
}
NAMES = ["扎妥", "扎克", "娜妥", "岩温", "玉罕", "王梓豪", "王子豪", "李扎妥"]
PEOPLE = st.fixed_dictionaries(
    {
        "name": st.sampled_from(NAMES),
        "birth_date": st.dates(dt.date(2011, 1, 1), dt.date(2011, 1, 6)),
        "village_code": st.sampled_from(["530902001901", "530902001902", "530902102901"]),
        "sex": st.sampled_from(["male", "female"]),
        "guardians": st.sampled_from([("张秀英",), ("李文", "张秀英"), ("罗海",)]),
        "number_written": st.sampled_from(["539902201101010001", "539902201101010002"]),
    }
)
EMPTY: dict[str, Any] = {"guardians": ()}


def entry(child: str, known: dict[str, Any]) -> Entry:
    return Entry(child_id=child, number=None, rolls=(), **known)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    people=st.lists(PEOPLE, min_size=2, max_size=6),
    blank=st.sampled_from(sorted(FIELD_OF)),
    both=st.booleans(),
)
def test_a_blank_field_is_never_agreement_and_leaving_out_agreement_never_raises_the_weight(
    people: list[dict[str, Any]], blank: str, both: bool
) -> None:
    first, second = people[0], people[1]
    second = {**second, blank: first[blank]}  # they agree on the field that is then left out
    rest = [entry(f"r{at}", one) for at, one in enumerate(people[2:])]
    before = _pair([entry("a", first), entry("b", second), *rest])
    emptied = {**second, blank: EMPTY.get(blank)}
    after = _pair(
        [entry("a", {**first, blank: EMPTY.get(blank)} if both else first), entry("b", emptied), *rest]
    )
    if after is None:
        return  # no longer worth comparing at all
    assert after[1][FIELD_OF[blank]] == "unknown"
    assert before is not None
    assert after[0] <= before[0] + 1e-9


def _pair(entries: list[Entry]) -> tuple[float, dict[str, str]] | None:
    for one in weigh(entries):
        if (one.child_id, one.other_id) == ("a", "b"):
            return one.weight, one.grades
    return None
