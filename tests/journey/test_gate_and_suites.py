"""The gate and the judge come from one declaration: they count the same failures, rule by rule."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path

import pytest

from data_contracts import gate
from data_contracts.contract import contracts
from data_contracts.demo import breakable_checks, make_world, planned_files
from data_contracts.demo.faults import plant
from data_contracts.demo.writing import write_file
from data_contracts.form_rows import Context
from data_contracts.headings.headers import Match
from data_contracts.judging import suites
from data_contracts.judging.rules import failing_count_sql, rules
from registry import store
from registry.store import Connection
from tests.sheets import Registry

AS_OF = dt.date(2026, 9, 30)
CHILDREN, SEED = 600, 3
LEDGERS = Path(__file__).resolve().parents[3] / "shared" / "ledgers"
Counts = dict[tuple[str, str], int]


def both_counts(path: Path) -> tuple[Counts, Counts]:
    """(table, rule) → failing rows by the suites, and by the row-level statement, of every rule that was checked."""
    plan = {table: rules(contract) for table, contract in contracts().items()}
    judged = {
        (one.table, one.check_id): one.failed
        for one in suites.validate(path, contracts(), plan)
        if one.failed is not None
    }
    connection = store.open_file(path, read_only=True)
    try:
        counted = {
            (table, rule.id): int(
                store.run(connection, failing_count_sql(contracts()[table], rule))[0][0] or 0
            )
            for table, own in plan.items()
            for rule in own
            if (table, rule.id) in judged
        }
    finally:
        connection.close()
    return judged, counted


@pytest.fixture(scope="module")
def waved_through(tmp_path_factory: pytest.TempPathFactory) -> tuple[Registry, Counts]:
    """A district with faults of all kinds at once, whose rejected rows were let in; the rejections told."""
    folder = tmp_path_factory.mktemp("faults")
    world = make_world(CHILDREN, SEED, as_of=AS_OF)
    files = planned_files(world, None)
    for check in breakable_checks():
        if not check.startswith(("area.", "org.")):  # without places every row has a fault of its own
            try:
                plant(files, check, world)
            except ValueError:
                continue  # too small a district for a rare record
    (folder / "ledgers").mkdir()
    for file in files:
        write_file(file, folder / "ledgers", SEED, AS_OF)
    registry = Registry(folder)
    patch = pytest.MonkeyPatch()
    made = gate.Gate.__init__

    def waiving(self: gate.Gate, match: Match, context: Context, connection: Connection) -> None:
        made(self, match, context._replace(waives=True), connection)

    patch.setattr(gate.Gate, "__init__", waiving)
    outcomes = registry.take_in(folder / "ledgers", received_on=AS_OF)
    patch.undo()
    # Rows that stay out whatever is waived: without a person, contradicting another row, or the same once more.
    stayed_out = set(registry.rows('SELECT delivery, sheet, "row" FROM quarantine'))
    stayed_out |= set(
        registry.rows("SELECT delivery, sheet, \"row\" FROM message WHERE code = 'repeated_row'")
    )
    registry.connection.close()
    told: Counts = Counter(
        (message.table, message.check)
        for outcome in outcomes
        for message in outcome.messages
        if message.severity == "error"
        and message.code == "check_failed"
        and message.table
        and message.check
        and (outcome.delivery.delivery, message.sheet, message.row) not in stayed_out
    )
    return registry, told


def test_the_suites_count_what_the_row_level_statements_count(
    waved_through: tuple[Registry, Counts],
) -> None:
    judged, counted = both_counts(waved_through[0].settings.registry_path)
    assert judged == counted
    assert len(judged) > 300 and sum(failed > 0 for failed in judged.values()) > 20


def test_what_the_gate_rejects_for_a_check_between_columns_is_what_the_suites_find(
    waved_through: tuple[Registry, Counts],
) -> None:
    registry, told = waved_through
    judged, _ = both_counts(registry.settings.registry_path)
    between = {
        (table, check.id)
        for table, contract in contracts().items()
        for check in contract.checks
        if check.effect == "reject_row" and (table, check.id) in judged
    }
    assert len(between & set(told)) >= 3, "several such checks were planted"
    assert {place: judged[place] for place in between} == {place: told.get(place, 0) for place in between}


@pytest.mark.skipif(not LEDGERS.is_dir(), reason="the sample ledgers lie outside the repository")
def test_on_the_sample_ledgers_the_counts_are_equal_too(tmp_path: Path) -> None:
    registry = Registry(tmp_path)
    registry.take_in(LEDGERS, received_on=dt.date(2026, 10, 15))
    registry.connection.close()
    judged, counted = both_counts(registry.settings.registry_path)
    assert judged == counted and judged
