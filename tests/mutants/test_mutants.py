"""The spec ledgers notice faults in the indicators' SQL; the whole run is `python -m tests.mutants`."""

from __future__ import annotations

import tomllib

import sqlglot

from tests.mutants.equivalence import ASKED_AGAIN, FINDS_NOBODY
from tests.mutants.making import mutants
from tests.mutants.report import LIST, line, total
from tests.mutants.running import Bench, mutants_of
from tests.mutants.sampling import drawn

SAMPLE, SEED = 60, 1


def test_of_sixty_mutants_drawn_by_a_seed_the_ledgers_kill_nineteen_in_twenty() -> None:
    lines = []
    for code, chosen in drawn(SAMPLE, SEED).items():
        bench = Bench(code)
        lines.append(line(code, [bench.run(mutant) for mutant in chosen]))
    found = total(lines)
    assert found.killed + found.alive + found.equivalent == SAMPLE
    assert found.share >= 0.95, [one for one in lines if one.alive]


def test_every_mutant_listed_as_equivalent_is_one_and_is_alive() -> None:
    by_code: dict[str, list[str]] = {}
    for entry in tomllib.loads(LIST.read_text("utf-8"))["mutant"]:
        assert len(entry["reason"]) > 20
        by_code.setdefault(entry["code"], []).append(entry["digest"])
    assert by_code
    for code, digests in by_code.items():
        made = {mutant.digest: mutant for mutant in mutants_of(code)}
        assert set(digests) <= set(made), f"{code}: no mutants {sorted(set(digests) - set(made))}"
        bench = Bench(code)
        assert not [digest for digest in digests if bench.run(made[digest]).killed], code


def test_a_query_has_the_mutants_that_a_slip_would_make() -> None:
    tree = sqlglot.parse_one(
        "SELECT CASE WHEN d.a_on < d.b_on THEN 'yes' ELSE 'no' END AS outcome FROM d "
        "LEFT JOIN k ON k.x = d.x WHERE d.seen AND NOT d.gone",
        read="duckdb",
    )
    made = {mutant.operator for mutant in mutants("X1", tree)}
    assert made >= {
        "LT to LTE",
        "And to Or",
        "right part dropped",
        "NOT removed",
        "join LEFT to INNER",
        "bound a day later",
        "outcome yes to no",
        "CASE branch 1 dropped",
    }


HELD = """WITH held AS (
  SELECT p.period, a.org_code, a.record FROM period AS p JOIN activity AS a ON a.held_on <= p.snapshot_on
  WHERE p.kind = 'term'
) """


def _reasons(query: str) -> dict[str, str]:
    made = mutants("X1", sqlglot.parse_one(HELD + query, read="duckdb"))
    return {f"{mutant.operator}: {mutant.change}": mutant.reason for mutant in made}


WIDER = "join INNER to LEFT: JOIN activity AS a ON a.held_on <= p.snapshot_on"
ANY_KIND = "WHERE dropped: WHERE p.kind = 'term'"


def test_a_wider_join_changes_nothing_where_its_nulls_are_asked_for_later() -> None:
    by_school = "SELECT s.record FROM org AS s LEFT JOIN held AS h ON h.org_code = s.org_code"
    assert _reasons(by_school)[WIDER] == FINDS_NOBODY
    assert (
        _reasons("SELECT h.record FROM held AS h JOIN org AS s ON h.org_code = s.org_code")[WIDER]
        == FINDS_NOBODY
    )
    # A left join keeps what it finds nothing for, and a join by the period alone takes every row.
    assert (
        _reasons("SELECT h.record FROM held AS h LEFT JOIN org AS s ON h.org_code = s.org_code")[WIDER] == ""
    )
    assert _reasons("SELECT h.record FROM period AS q JOIN held AS h ON h.period = q.period")[WIDER] == ""


def test_a_part_need_not_ask_for_the_kind_of_period_that_every_use_of_it_asks_for() -> None:
    use = "SELECT h.record FROM period AS q LEFT JOIN held AS h ON h.period = q.period"
    assert _reasons(f"{use} WHERE q.kind = 'term'")[ANY_KIND] == ASKED_AGAIN
    assert _reasons(f"{use} WHERE q.kind = 'year'")[ANY_KIND] == ""
    assert _reasons(use)[ANY_KIND] == ""


def test_rows_that_fall_in_with_others_are_no_equal_ones() -> None:
    query = HELD.replace(
        "SELECT p.period, a.org_code, a.record", "SELECT p.period, MIN(a.org_code) AS org_code"
    )
    query = query.replace("'term'", "'term' GROUP BY p.period")
    made = mutants(
        "X1",
        sqlglot.parse_one(
            query + "SELECT s.record FROM org AS s LEFT JOIN held AS h ON h.org_code = s.org_code",
            read="duckdb",
        ),
    )
    assert [one.reason for one in made if one.operator == "join INNER to LEFT"] == [""]
