"""In a district with the failing cases of the four-colour form the lists put every child where it belongs.

Where it belongs is computed from the world as it is; the form's figures for the same children stand beside.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from typer.testing import CliRunner

from dashboard.cli import app
from data_contracts.demo.world import Child
from models.screening.four_colour.comparing import URGENT, Compared, compare, count_kinds, matrix
from models.screening.four_colour.form import form
from registry import store
from registry.vault import load_key
from tests.independent.answers_on_the_form import ANSWERS
from tests.independent.conftest import Both
from tests.independent.lanes_of_children import (
    ORDER,
    belongs,
    full_months,
    is_special,
    is_told,
    is_truant_by,
)

# What the form says of the planted children when all that nobody recorded is answered at its best.
ON_THE_FORM = {
    "old_carer_no_duty_drinks": ("green", "guardianship", 81),
    "severe_disability": ("green", "physical", 80),
    "bullied_and_ill": ("green", "behaviour", 83),
    "alone": ("green", "guardianship", 100),
    "worst law_record": ("green", "guardianship", 95),
    "worst attendance": ("green", "behaviour", 92),
    "worst psychological_state": ("green", "behaviour", 93),
}


class Lists:
    """What the build says: lane and tier by target and child of the world, and the form's side."""

    def __init__(self, both: Both) -> None:
        connection = store.open_snapshot(both.folder / "store")
        self.child_ids = _child_ids(both, connection)

        def ask(sql: str) -> list[Mapping[str, Any]]:
            found = connection.execute(sql)
            names = [column[0] for column in found.description]
            return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

        self.places = {
            (row["target"], row["child_id"]): (row["lane"], row["tier"])
            for row in ask("SELECT target, child_id, lane, tier FROM screening")
        }
        self.highest = {
            (row["target"], row["child_id"]): row["tier_high"]
            for row in ask("SELECT target, child_id, tier_high FROM screening")
        }
        self.form: dict[str, Compared] = {one.child_id: one for one in compare(ask)}
        connection.close()

    def place(self, target: str, child: Child) -> tuple[str, str] | None:
        """Lane and tier of a child of the world."""
        return self.places.get((target, self.child_ids[id(child)]))

    def on_form(self, child: Child) -> Compared:
        """What the form says of a child of the world."""
        return self.form[self.child_ids[id(child)]]


def _child_ids(both: Both, connection: store.Connection) -> dict[int, str]:
    """The pseudonym of every child of the world, by number or else by name, birth date and village."""
    vault, _ = load_key(both.folder / "key")
    rows = store.run(connection, "SELECT child_id, name, id_no, birth_date, village_code FROM identity")
    found: dict[Any, str] = {}
    for child_id, name, id_no, born, village in rows:
        found[vault.open(id_no) or (vault.open(name), born, village)] = child_id
    known = {}
    for child in both.world.children:
        key = child.id_no if child.id_no in found else (child.name, child.birth_date, child.village_code)
        known[id(child)] = found[key]
    return known


@pytest.fixture(scope="module")
def lists(both: Both) -> Iterator[Lists]:
    yield Lists(both)


@pytest.mark.parametrize("target", ["visit", "referral"])
def test_every_child_stands_in_the_lane_and_tier_where_it_belongs(
    target: str, both: Both, lists: Lists
) -> None:
    expected = belongs(both.world)[target]
    assert sum(due.is_report for due in expected.values()) > 0
    assert {due.tier for due in expected.values()} >= set(ORDER), "the world has children of every tier"
    wrong = []
    for child in both.world.children:
        due, place = expected.get(id(child)), lists.place(target, child)
        if due is None or place is None:
            if (due is None) is not (place is None):
                wrong.append((due, place))
            continue
        lane, tier = place
        is_right = (lane == "report_now") is due.is_report and (tier if tier in ORDER else "") == due.tier
        if not is_right:
            wrong.append((due, place))
    assert not wrong, f"{target}: {len(wrong)} of {len(expected)} stand elsewhere, such as {wrong[:4]}"


def test_the_form_shows_blue_or_green_for_most_of_the_urgent_children(both: Both, lists: Lists) -> None:
    children = list(lists.form.values())
    urgent = [one for one in children if one.level in URGENT]
    hidden = count_kinds(children, "high")["hidden"]
    table = matrix(children, "high")
    assert hidden == sum(table[level][colour] for level in URGENT for colour in ("blue", "green"))
    assert 2 * hidden > len(urgent) > 0, f"the form hides {hidden} of {len(urgent)} urgent children"
    assert table["report_now"]["blue"] + table["report_now"]["green"] > 0


def test_blanks_make_the_form_red_for_nearly_everybody(lists: Lists) -> None:
    children = list(lists.form.values())
    counts = count_kinds(children, "filled")
    red = sum(row["red"] for row in matrix(children, "filled").values())
    assert counts["hidden"] == 0 and red == len(children) > counts["blank"] > len(children) // 2


@pytest.mark.parametrize("case", sorted(ON_THE_FORM))
def test_a_failing_case_is_hidden_by_the_form_and_not_by_the_lists(
    case: str, both: Both, lists: Lists
) -> None:
    colour, table, points = ON_THE_FORM[case]
    child = lists.on_form(both.planted[case])
    assert (child.colours["high"], child.tables["high"][table].points) == (colour, points)
    expected = {target: due[id(both.planted[case])] for target, due in belongs(both.world).items()}
    assert any(due.is_report or due.tier for due in expected.values()), "the rules see the case"


def test_three_months_without_the_duty_are_a_knock_out_on_the_form_too(both: Both, lists: Lists) -> None:
    child = lists.on_form(both.planted["worst duty"])
    assert (child.hits, child.colours["high"], child.level) == (("duty_three_months",), "red", "red")


def test_a_half_filled_file_is_red_on_the_form_and_to_be_verified_on_the_list(
    both: Both, lists: Lists
) -> None:
    child = lists.on_form(both.planted["half_filled"])
    assert child.colours["filled"] == "red" and child.differs("filled") == ("blank",)
    assert child.level == "rest"
    assert lists.highest["visit", child.child_id] == "red", "what is not known could be that much"


@pytest.mark.parametrize("item", sorted(ANSWERS))
def test_an_item_of_the_form_is_answered_as_the_world_is(item: str, both: Both, lists: Lists) -> None:
    day, different, answered = both.world.as_of, [], 0
    for child in both.world.children:
        found = lists.form.get(lists.child_ids[id(child)])
        if found is None:
            continue
        expected = ANSWERS[item](both.world, child, day)
        answered += expected is not None
        if found.answers[item] != expected:
            different.append((expected, found.answers[item]))
    assert answered, f"{item}: nothing to compare"
    assert not different, f"{item}: {len(different)} differ, such as {different[:4]}"


def test_an_item_that_no_ledger_records_stays_blank(lists: Lists) -> None:
    silent = [item.id for item in form().items if not item.facts()]
    assert len(silent) == 15
    assert {child.answers[item] for child in lists.form.values() for item in silent} == {None}


def test_truancy_and_the_knock_out_lie_where_the_rules_lay_them(both: Both, lists: Lists) -> None:
    for child in both.world.children:
        found = lists.form.get(lists.child_ids[id(child)])
        if found is None:
            continue
        carer = child.household.carer
        idle = is_told(child, both.world.as_of) and carer.duty == "not_performed" and carer.duty_failed_since
        long_idle = bool(idle) and full_months(carer.duty_failed_since, both.world.as_of) >= 3  # type: ignore[arg-type]
        assert ("duty_three_months" in found.hits) is long_idle
        if is_truant_by(both.world, child):
            assert found.answers["attendance"] == 2
        if is_special(child):
            assert found.answers["rehabilitation"] is None


def test_the_command_tells_the_forms_figures_beside_the_lists(both: Both, lists: Lists) -> None:
    done = CliRunner().invoke(app, ["form", "--store", str(both.folder / "store"), "--json"])
    assert done.exit_code == 0
    document = json.loads(done.stdout)
    children = list(lists.form.values())
    for reading, told in document["readings"].items():
        assert told["matrix"] == matrix(children, reading)
        assert told["differences"] == count_kinds(children, reading)
        assert sum(told["colours"].values()) == len(document["children"]) == len(children)
    assert document["holes"] == [59, 79]
    assert {case["case"]: case["coded"] for case in document["cases"]}["seventy_nine"] is None
    words = done.stdout
    assert not any(child.name in words or str(child.id_no) in words for child in both.planted.values())
