"""The spec ledgers notice faults in the indicators' SQL; the whole run is `python -m tests.mutants`."""

from __future__ import annotations

import sqlglot

from tests.mutants.making import mutants
from tests.mutants.report import line, listed, total
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
    import tomllib

    from tests.mutants.report import LIST

    for entry in tomllib.loads(LIST.read_text("utf-8"))["mutant"]:
        made = {mutant.digest: mutant for mutant in mutants_of(entry["code"])}
        assert entry["digest"] in made, f"{entry['code']}: no mutant {entry['digest']}"
        assert len(entry["reason"]) > 20
        assert not Bench(entry["code"]).run(made[entry["digest"]]).killed
    assert listed()


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
