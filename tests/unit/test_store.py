"""The only door to DuckDB: many readers at once, none of whom can get out."""

from __future__ import annotations

from pathlib import Path

import pyarrow
import pytest

from registry import store


@pytest.fixture
def published(tmp_path: Path) -> Path:
    store.prepare(tmp_path, "fingerprint")
    made = store.open_file(tmp_path / "snapshots" / "one.duckdb")
    store.run(made, "CREATE TABLE figure AS SELECT 1 AS value")
    made.close()
    store.publish(tmp_path, "one.duckdb", {"build_id": "one"})
    return tmp_path


def test_many_readers_open_one_snapshot_at_the_same_time(published: Path) -> None:
    readers = [store.open_snapshot(published) for _ in range(5)]
    assert [store.run(reader, "SELECT value FROM figure") for reader in readers] == [[(1,)]] * 5


@pytest.mark.parametrize(
    "escape",
    [
        "COPY figure TO '{folder}/out.csv'",
        "SELECT * FROM read_csv('/etc/passwd')",
        "ATTACH '{folder}/other.duckdb'",
        "SET enable_external_access = true",
        "INSERT INTO figure VALUES (2)",
    ],
)
def test_a_reader_of_a_snapshot_cannot_get_out_of_it(published: Path, escape: str) -> None:
    reader = store.open_snapshot(published)
    with pytest.raises(Exception):  # noqa: B017 - DuckDB's own errors, of many kinds
        store.run(reader, escape.format(folder=published))
    assert not (published / "out.csv").exists()


def test_sql_on_a_snapshot_cannot_see_a_python_variable(published: Path) -> None:
    readers_variable = pyarrow.table({"value": [1]})
    # An unsealed connection sees it, so the refusal below is the seal's.
    assert store.memory().execute("SELECT value FROM readers_variable").fetchall() == [(1,)]
    with pytest.raises(Exception, match="readers_variable"):
        store.open_snapshot(published).execute("SELECT value FROM readers_variable")
    assert readers_variable.num_rows == 1


def test_the_pointer_moves_to_a_new_file_and_an_old_reader_keeps_its_own(published: Path) -> None:
    old = store.open_snapshot(published)
    made = store.open_file(published / "snapshots" / "two.duckdb")
    store.run(made, "CREATE TABLE figure AS SELECT 2 AS value")
    made.close()
    store.publish(published, "two.duckdb", {"build_id": "two"})
    assert store.run(old, "SELECT value FROM figure") == [(1,)]
    assert store.run(store.open_snapshot(published), "SELECT value FROM figure") == [(2,)]


def test_a_store_of_another_key_is_refused_and_a_missing_build_is_said(
    published: Path, tmp_path: Path
) -> None:
    with pytest.raises(store.StoreProblem, match="another key"):
        store.prepare(published, "another")
    with pytest.raises(store.NoSnapshot):
        store.open_snapshot(tmp_path / "nowhere")
