"""Who is the same child: what is joined by itself, what a person decides, and that it can be undone."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from data_contracts.known import make_known_tables
from models.engines import DuckDbEngine
from models.evaluate import evaluate, prepare
from models.measure import indicators
from registry import decisions, store
from registry.decisions import NOT_SAME, SAME, SPLIT, DecisionProblem
from tests.sheets import KEY, Registry, area_book, write_book

TWIN_ONE, TWIN_TWO = "539902201108262104", "539902201108267044"
CHILD = {
    "姓名": "何梓凤", "性别": "女", "出生日期": "2011-08-26", "现居住情况": "本村",
    "父亲状况": "外出务工", "父亲外出时间": "2022-12-10", "母亲状况": "外出务工", "母亲外出时间": "2024-12-04",
    "照护人姓名": "张秀英", "建档日期": "2024-12-11", "居住方式": "与照护人同住", "履职情况": "正常",
}  # fmt: skip
DECIDED = dt.datetime(2026, 11, 3, 9, 0)
BEFORE, AFTER = dt.date(2026, 11, 2), dt.date(2026, 11, 3)
AS_OF = dt.date(2026, 9, 30)


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    found = Registry(tmp_path)
    found.take_in(area_book(tmp_path))
    return found


def ledger(
    registry: Registry, folder: Path, *rows: dict[str, Any], name: str = "村.xlsx", **more: Any
) -> None:
    registry.take_in(write_book(folder / name, ("village_ledger", list(rows))), **more)


def known(registry: Registry, day: dt.date = AFTER) -> store.Connection:
    """The tables as known on that day, in memory; the registry can be written to again afterwards."""
    store.run(registry.connection, "CHECKPOINT")
    registry.connection.close()
    connection = store.memory()
    store.run(connection, f"ATTACH '{registry.settings.registry_path}' AS registry (READ_ONLY)")
    make_known_tables(connection, "registry", day, KEY)
    store.run(connection, "DETACH registry")
    registry.connection = store.open_file(registry.settings.registry_path)
    return connection


def pairs(connection: store.Connection, *columns: str) -> list[tuple[Any, ...]]:
    return store.run(
        connection, f"SELECT {', '.join(columns)} FROM identity_pair ORDER BY weight DESC, pair_id"
    )


def n_children(connection: store.Connection) -> int:
    return int(store.run(connection, "SELECT count(DISTINCT child_id) FROM child")[0][0])


def two(connection: store.Connection) -> tuple[str, str]:
    ((first, second),) = pairs(connection, "child_id", "other_id")
    return first, second


def test_twins_of_one_name_with_two_numbers_stay_two_and_are_shown_with_what_speaks_against(
    registry: Registry, tmp_path: Path
) -> None:
    ledger(registry, tmp_path, {**CHILD, "身份证号": TWIN_ONE}, {**CHILD, "身份证号": TWIN_TWO})
    connection = known(registry)
    assert n_children(connection) == 2
    fields = ("name_evidence", "birth_date_evidence", "id_no_evidence", "together_evidence", "state")
    assert pairs(connection, *fields) == [("same", "same", "differ_valid", "differ", "open")]


def test_a_twin_without_number_is_not_swallowed_by_the_one_with_a_number(
    registry: Registry, tmp_path: Path
) -> None:
    ledger(registry, tmp_path, {**CHILD, "身份证号": TWIN_ONE}, CHILD)
    connection = known(registry)
    assert n_children(connection) == 2, "one list names each child once"
    assert pairs(connection, "id_no_evidence", "together_evidence") == [("unknown", "differ")]


def test_two_rows_of_one_name_village_and_day_without_numbers_are_told_to_the_sender(
    registry: Registry, tmp_path: Path
) -> None:
    path = write_book(tmp_path / "村.xlsx", ("village_ledger", [CHILD, {**CHILD, "照护人姓名": "李桂英"}]))
    (outcome,) = registry.take_in(path)
    assert outcome.delivery.rows_accepted + outcome.delivery.rows_quarantined == 2
    assert outcome.delivery.rows_quarantined >= 1, "nothing tells them apart, so a person is asked"


def test_another_sex_contradicts_and_nothing_is_joined(registry: Registry, tmp_path: Path) -> None:
    ledger(registry, tmp_path, {**CHILD, "身份证号": TWIN_ONE})
    ledger(registry, tmp_path, {**CHILD, "性别": "男"}, name="下季度.xlsx")
    connection = known(registry)
    assert n_children(connection) == 2
    assert pairs(connection, "sex_evidence", "state") == [("differ", "open")]


def test_a_later_list_without_the_number_is_still_joined(registry: Registry, tmp_path: Path) -> None:
    ledger(registry, tmp_path, {**CHILD, "身份证号": TWIN_ONE})
    ledger(registry, tmp_path, CHILD, name="下季度.xlsx")
    connection = known(registry)
    assert n_children(connection) == 1
    assert pairs(connection, "state") == []
    assert store.run(connection, "SELECT how FROM link ORDER BY how") == [("automatic",), ("own",)]


@pytest.mark.parametrize(
    ("one", "other"),
    [("扎克", "扎莫"), ("娜妥", "娜莫"), ("岩温", "岩罕"), ("玉罕", "玉香"), ("艾嘎", "艾惹")],
)
def test_children_whose_names_share_only_their_pattern_are_no_pair(
    registry: Registry, tmp_path: Path, one: str, other: str
) -> None:
    rows = [{**CHILD, "姓名": name, "照护人姓名": f"{name}家"} for name in (one, other)]
    ledger(registry, tmp_path, *rows)
    connection = known(registry)
    assert (n_children(connection), pairs(connection, "state")) == (2, [])


def test_a_number_with_one_wrong_digit_is_compared_though_it_cannot_be_used(
    registry: Registry, tmp_path: Path
) -> None:
    ledger(registry, tmp_path, {**CHILD, "身份证号": TWIN_ONE})
    ledger(
        registry, tmp_path, {**CHILD, "姓名": "何子凤", "身份证号": TWIN_ONE[:-1] + "5"}, name="下季度.xlsx"
    )
    connection = known(registry)
    assert pairs(connection, "name_evidence", "id_no_evidence") == [("homophone", "one_digit")]
    assert pairs(connection, "certainty")[0][0] > 0.9


def _double(registry: Registry, folder: Path) -> tuple[str, str]:
    """One child entered under two spellings."""
    ledger(registry, folder, CHILD, {**CHILD, "姓名": "何子凤", "建档日期": "2024-12-12"})
    return two(known(registry))


def _figure(connection: store.Connection) -> list[tuple[Any, ...]]:
    """How many children there are on the day, as C7 counts them."""
    engine = DuckDbEngine(connection)
    prepare(engine, AS_OF)
    evaluate(engine, [indicators()["C7"]])
    sql = "SELECT series, level, area, period, yes FROM figure WHERE code = 'C7' AND yes > 0 ORDER BY ALL"
    return store.run(connection, sql)


def test_a_merge_changes_the_figures_and_undoing_it_brings_them_back(
    registry: Registry, tmp_path: Path
) -> None:
    first, second = _double(registry, tmp_path)
    apart = _figure(known(registry))
    made = decisions.decide(registry.connection, first, second, SAME, "officer", "户口簿上是一人", DECIDED)
    merged = known(registry)
    assert pairs(merged, "state", "resolved_on", "decision_id") == [("same", AFTER, made.decision_id)]
    assert n_children(merged) == 1
    together = _figure(merged)
    assert together != apart
    assert max(row[4] for row in apart) == 2
    assert max(row[4] for row in together) == 1
    decisions.undo(registry.connection, made.decision_id, "officer", DECIDED)
    undone = known(registry)
    assert pairs(undone, "state", "resolved_on") == [("open", None)]
    assert _figure(undone) == apart


def test_a_decision_made_later_does_not_change_a_past_table(registry: Registry, tmp_path: Path) -> None:
    first, second = _double(registry, tmp_path)
    decisions.decide(registry.connection, first, second, SAME, "officer", "核实", DECIDED)
    assert n_children(known(registry, BEFORE)) == 2
    assert n_children(known(registry, AFTER)) == 1


def test_undoing_later_leaves_the_days_between_as_they_were(registry: Registry, tmp_path: Path) -> None:
    first, second = _double(registry, tmp_path)
    made = decisions.decide(registry.connection, first, second, SAME, "officer", "核实", DECIDED)
    decisions.undo(registry.connection, made.decision_id, "officer", DECIDED + dt.timedelta(days=30))
    assert n_children(known(registry, AFTER)) == 1
    assert n_children(known(registry, AFTER + dt.timedelta(days=30))) == 2


def test_an_automatic_joining_is_taken_apart_by_a_person(registry: Registry, tmp_path: Path) -> None:
    ledger(registry, tmp_path, {**CHILD, "身份证号": TWIN_ONE})
    ledger(registry, tmp_path, CHILD, name="下季度.xlsx")
    ((loose, owner),) = store.run(
        known(registry), "SELECT child_ref, child_id FROM link WHERE how = 'automatic'"
    )
    made = decisions.decide(registry.connection, loose, owner, NOT_SAME, "officer", "双胞胎", DECIDED)
    apart = known(registry)
    assert n_children(apart) == 2
    assert pairs(apart, "state") == [("not_same",)]
    decisions.undo(registry.connection, made.decision_id, "officer", DECIDED)
    assert n_children(known(registry)) == 1


def test_taking_a_merge_apart_undoes_it_and_closes_the_pair(registry: Registry, tmp_path: Path) -> None:
    first, second = _double(registry, tmp_path)
    merged = decisions.decide(registry.connection, first, second, SAME, "officer", "核实", DECIDED)
    later = DECIDED + dt.timedelta(hours=1)
    split = decisions.decide(registry.connection, second, first, NOT_SAME, "officer", "弄错了", later)
    assert split.decision == SPLIT
    kept = {one.decision_id: one for one in decisions.decisions(registry.connection)}
    assert (kept[merged.decision_id].undone_by, kept[split.decision_id].stands) == ("officer", True)
    apart = known(registry)
    assert (n_children(apart), pairs(apart, "state")) == (2, [("not_same",)])


def test_what_contradicts_an_earlier_decision_is_refused(registry: Registry, tmp_path: Path) -> None:
    ledger(registry, tmp_path, *({**CHILD, "姓名": name} for name in ("何梓凤", "何子凤", "何凤梓")))
    (a,), (b,), (c,) = registry.rows("SELECT DISTINCT child_ref FROM child ORDER BY 1")
    write = registry.connection
    decisions.decide(write, a, b, SAME, "officer", "核实", DECIDED)
    decisions.decide(write, b, c, NOT_SAME, "officer", "核实", DECIDED)
    refused = [(a, c, SAME, "contradicts"), (a, b, SAME, "twice"), (b, c, NOT_SAME, "twice"),
               (a, a, SAME, "itself"), (a, "cffff", SAME, "unknown")]  # fmt: skip
    for first, second, decision, code in refused:
        with pytest.raises(DecisionProblem) as problem:
            decisions.decide(write, first, second, decision, "officer", "核实", DECIDED)
        assert problem.value.code == code
    with pytest.raises(DecisionProblem, match="no_such"):
        decisions.undo(write, "dnone", "officer", DECIDED)


def test_no_name_or_number_lies_open_beside_a_pair(registry: Registry, tmp_path: Path) -> None:
    ledger(registry, tmp_path, {**CHILD, "身份证号": TWIN_ONE}, {**CHILD, "身份证号": TWIN_TWO})
    connection = known(registry)
    told = str(store.run(connection, "SELECT * FROM pair_person")) + str(pairs(connection, "*"))
    assert store.run(connection, "SELECT count(*) FROM pair_person") == [(2,)]
    for secret in ("何梓凤", "张秀英", TWIN_ONE, TWIN_TWO):
        assert secret not in told
