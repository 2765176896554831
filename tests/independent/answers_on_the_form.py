"""The four-colour form's answers, read a second time from the world as it is; None where nothing says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from data_contracts.demo.world import Child, World
from tests.independent.children import age_on
from tests.independent.figures_of_children import is_positive
from tests.independent.lanes_of_children import (
    is_middle,
    is_told,
    is_valid,
    latest,
    open_concerns,
    recent,
    second_looks,
)


def _by_age(years: int, *bounds: tuple[int, int]) -> int:
    return next(points for least, points in bounds if years >= least)


def _carer_age(_: World, child: Child, day: Any) -> int | None:
    if not is_told(child, day):
        return None
    number = child.household.carer.id_no
    born = type(day)(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    return _by_age(age_on(born, day), (80, 2), (70, 4), (60, 6), (0, 8))


def _duty(_: World, child: Child, day: Any) -> int | None:
    duty = child.household.carer.duty if is_told(child, day) else None
    return {"performed": 9, "not_performed": 0}.get(duty or "")


def _law_record(_: World, child: Child, day: Any) -> int | None:
    conduct = child.household.carer.conduct if is_told(child, day) else None
    known = {"none": 6, "drinking": 2, "gambling": 2, "drugs": 2, "violence": 1}
    return known.get(conduct or "")


def _income(_: World, child: Child, __: Any) -> int | None:
    band = child.household.income_band if child.in_village else None
    return {"ordinary": 5, "near_line": 1, "below_line": 1}.get(band or "")


def _child_age(_: World, child: Child, day: Any) -> int | None:
    return _by_age(age_on(child.birth_date, day), (6, 8), (3, 6), (0, 4))


DEGREES = {"无": 20, "听力二级": 5, "视力三级": 5, "肢体二级": 0, "智力二级": 0, "肢体一级": 0}


def _disability(_: World, child: Child, __: Any) -> int | None:
    return DEGREES[child.disability] if child.in_village and child.disability else None


def _disease(_: World, child: Child, __: Any) -> int | None:
    if not child.in_village or child.chronic_disease is None:
        return None
    return 30 if child.chronic_disease == "无" else 15


def _rehabilitation(_: World, child: Child, __: Any) -> int | None:
    is_well = child.in_village and child.disability == child.chronic_disease == "无"
    return 20 if is_well else None


def _insurance(_: World, child: Child, __: Any) -> int | None:
    return {True: 10, False: 0}.get(child.insured) if child.in_village else None  # type: ignore[arg-type]


def _self_image(world: World, child: Child, _: Any) -> int | None:
    return 0 if "bullying" in open_concerns(world, child) else None


def _internet(world: World, child: Child, _: Any) -> int | None:
    return 1 if "internet" in open_concerns(world, child) else None


def _psychological_state(world: World, child: Child, day: Any) -> int | None:
    looks = second_looks(world, child)
    last = [one for one in (latest(world, child, scale) for scale in ("SDQ", "MHT", "PHQ")) if one]
    phq = latest(world, child, "PHQ")
    if any(word == "severe" for _, word in looks) or (phq and phq.total >= 20):
        return 3
    if any(is_positive(one) for one in last) or (looks and max(looks)[1] == "watch"):
        return 6
    if any(one.scale == "SDQ" and is_middle(one) for one in last) or (phq and 5 <= phq.total <= 9):
        return 8
    valid = [one for one in world.screens if one.child is child and is_valid(one)]
    return 10 if any(recent(one.screened_on, day) for one in valid) else None


ANSWERS: dict[str, Callable[[World, Child, Any], int | None]] = {
    "carer_age": _carer_age,
    "duty": _duty,
    "law_record": _law_record,
    "income": _income,
    "child_age": _child_age,
    "disability": _disability,
    "disease": _disease,
    "rehabilitation": _rehabilitation,
    "insurance": _insurance,
    "self_image": _self_image,
    "internet": _internet,
    "psychological_state": _psychological_state,
}
