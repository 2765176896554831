"""The notebooks run from top to bottom on one small demo district, teach what they say, and name nobody."""

from __future__ import annotations

import runpy
from collections import Counter
from collections.abc import Iterator
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from notebooks import district
from registry import store
from registry.vault import load_key

FOLDER = Path(district.__file__).parent
NAMES = ("from_ledgers_to_a_list", "proposing_a_card", "reading_one_indicator", "tuning_a_card")


@pytest.fixture(scope="module")
def small_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("notebooks")
    district.make_demo(folder / "store", district.CHILDREN, folder / "ledgers")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SHOUHU_STORE", str(folder / "store"))
        yield folder / "store"


@pytest.fixture(scope="module")
def ran(small_store: Path) -> dict[str, tuple[dict[str, Any], str]]:
    """What each notebook holds at its end and what it printed."""
    found = {}
    for name in NAMES:
        printed = StringIO()
        with redirect_stdout(printed):
            found[name] = runpy.run_path(str(FOLDER / f"{name}.py")), printed.getvalue()
    return found


def test_every_notebook_is_known_here() -> None:
    assert {path.stem for path in FOLDER.glob("*.py")} == {*NAMES, "district"}


def test_the_list_leads_back_to_the_rows_of_the_ledgers(ran: dict[str, Any]) -> None:
    held, printed = ran["from_ledgers_to_a_list"]
    assert len(held["deliveries"]) > 50
    assert held["points"] == held["chosen"]["points"] > 0
    for file, place in held["sources"]:
        assert (file, place) == (file.strip(), place.strip())
        assert place.rsplit("/", 1)[1].isdigit(), "a sheet and a row"
        assert f"{file}，{place}" in printed


def test_a_figure_is_what_its_cases_count_to(ran: dict[str, Any]) -> None:
    held, printed = ran["reading_one_indicator"]
    assert held["yes"] > 0 and held["no"] > 0
    assert len(held["found"]) == held["yes"] + held["no"] + held["unknown"]
    assert f"{held['figure']['value']:.1%}" in printed
    assert len(held["villages"]) > 5


def test_a_changed_bin_moves_children_and_lowers_no_tier(ran: dict[str, Any]) -> None:
    held, _ = ran["tuning_a_card"]
    assert held["moved"] and held["up"] and not held["down"]
    assert "expected the sums of the lines" in held["refusal"]
    assert "sex is not scored" in held["unfair"]


def test_every_group_is_looked_at_and_every_child_stands_in_one_group_of_each_kind(
    ran: dict[str, Any],
) -> None:
    held, printed = ran["tuning_a_card"]
    kinds = {kind for kind, _ in held["groups"]}
    assert len(kinds) == 6
    for kind in kinds:
        members = [child for (one, _), found in held["groups"].items() if one == kind for child in found]
        assert sorted(members) == sorted(held["before"]), kind
    assert "远近 remoteness" in printed


def test_past_quarters_are_judged_by_what_was_known_then_and_the_unseen_stay_unknown(
    ran: dict[str, Any],
) -> None:
    quarters = ran["tuning_a_card"][0]["quarters"]
    for day in {day for day, _, _ in quarters}:
        by_card = [
            sum(
                (answers for (on, name, _), answers in quarters.items() if (on, name) == (day, card)),
                Counter(),
            )
            for card in ("expert", "raising")
        ]
        assert by_card[0] == by_card[1], "another card makes nobody appear or vanish"
        assert min(by_card[0][answer] for answer in ("yes", "no", "unknown")) > 0


def test_a_card_is_proposed_compared_audited_and_published_by_a_second_person(ran: dict[str, Any]) -> None:
    held, printed = ran["proposing_a_card"]
    assert set(held["refusals"]) == {"sex", "disability", "income_band", "children_in_household"}
    assert "sex is not scored" in held["refusals"]["sex"][1]
    assert held["proposal"].card.learned is not None and "抽签" in printed
    assert {kind for kind, _ in held["gaps"]} >= {"sex", "township", "boarding"}
    assert held["steps"] == ["not_evaluated", "bar_recall", "same_person", "published"]
    assert held["held"].card.card.id == held["proposal"].card.id
    assert (held["fallen"].card.card.id, held["fallen"].fallen) == ("visit_expert_v1", held["number"])


def test_a_notebook_changes_nothing_that_is_published(small_store: Path, ran: dict[str, Any]) -> None:
    connection = store.open_snapshot(small_store)
    cards = store.run(connection, "SELECT DISTINCT card FROM screening WHERE target = 'visit'")
    connection.close()
    assert cards == [("visit_expert_v1",)]
    assert len(list((small_store / "snapshots").glob("*.duckdb"))) == 1


def test_no_notebook_names_anybody(small_store: Path, ran: dict[str, Any]) -> None:
    vault, _ = load_key(small_store.parent / "key")
    connection = store.open_snapshot(small_store)
    sealed = store.run(connection, "SELECT name, id_no FROM identity")
    connection.close()
    people = {vault.open(cell) for row in sealed for cell in row} - {None, ""}
    assert len(people) > district.CHILDREN
    for name, (_, printed) in ran.items():
        assert [len(person) for person in people if person in printed] == [], name
