"""A deletion request takes every trace of who a child is, and moves no figure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
import xlsxwriter

from data_contracts.mending.forgetting import Forgotten, UnknownChild, forget
from models.build import build
from registry import deliveries, overrides, store
from registry.deliveries import Delivery
from registry.overrides import Override
from registry.settings import Settings
from registry.vault import KeyProblem
from tests.sheets import KEY, Registry, area_book, write_book

NOW = dt.datetime(2026, 11, 5, 9, 0)
AS_OF = dt.date(2026, 9, 30)
NAME, NUMBER, CARER, PHONE = "罗梓萱", "539902202103054722", "岩罕勐", "14000000123"
OTHER_NAME, OTHER_NUMBER = "白小禾", "539902202003054020"
CHILD = {
    "姓名": NAME, "性别": "女", "出生日期": "2021-03-05", "身份证号": NUMBER, "现居住情况": "本村",
    "父亲状况": "外出务工", "父亲外出时间": "2022-12-10", "母亲状况": "外出务工", "母亲外出时间": "2024-12-04",
    "照护人姓名": CARER, "联系电话": PHONE, "建档日期": "2024-12-11", "居住方式": "与照护人同住", "履职情况": "正常",
}  # fmt: skip
OTHER = {
    **CHILD,
    "姓名": OTHER_NAME,
    "身份证号": None,
    "出生日期": "2020-03-05",
    "照护人姓名": "李四三",
    "联系电话": "14000000777",
}
VISIT = {
    "村（社区）": "橄榄村", "姓名": NAME, "身份证号": NUMBER, "出生日期": "2021-03-05", "应访截止日期": "2026-09-01",
    "走访日期": "2026-09-02", "走访方式": "入户", "是否见到儿童本人": "是", "走访情况记录": f"{NAME}在家写作业",
}  # fmt: skip
CHILD_ID = KEY.reference("child", "id", NUMBER)
SECRETS = (NAME, NUMBER, CARER, PHONE)


def strange_book(path: Path) -> Path:
    """A form that nobody knows, with the child in it."""
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet("名册")
        for number, row in enumerate(
            [["甲", "乙", "丙", "丁"], [NAME, NUMBER, "x", "y"], [OTHER_NAME, "z", "x", "y"]]
        ):
            page.write_row(number, 0, row)
    return path


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    found = Registry(tmp_path)
    found.take_in(area_book(tmp_path))
    ledger = write_book(tmp_path / "村.xlsx", ("village_ledger", [CHILD, OTHER]), sender="橄榄村")
    rejected = {**VISIT, "应访截止日期": "2026-09-31"}
    visits = write_book(tmp_path / "走访.xlsx", ("visits", [VISIT, rejected]), sender="橄榄村")
    found.take_in(ledger, visits, strange_book(tmp_path / "名册.xlsx"))
    return found


def everything(settings: Settings) -> Iterator[str]:
    """All that can be read out of a store by somebody who holds its key."""
    for path in sorted(settings.store.rglob("*")):
        if path.suffix == ".duckdb":
            yield from cells_of(path)
        elif path.is_file():
            yield path.read_bytes().decode("utf-8", "replace")
    connection = store.open_file(settings.registry_path, read_only=True)
    for row in store.run(connection, "SELECT * FROM delivery"):
        reading = deliveries.cells(settings.originals, Delivery(*row).sha256, KEY)
        yield from (cell for sheet in reading.sheets for line in sheet.rows for cell in line)
    connection.close()


def cells_of(path: Path) -> Iterator[str]:
    """Every text of a database, as it stands and decrypted where it is."""
    yield path.read_bytes().decode("utf-8", "replace")
    connection = store.open_file(path, read_only=True)
    columns = store.run(
        connection,
        "SELECT table_name, column_name FROM duckdb_columns() WHERE data_type = 'VARCHAR' AND NOT internal",
    )
    for table, column in columns:
        for (text,) in store.run(connection, f'SELECT DISTINCT "{column}" FROM "{table}"'):
            if text:
                yield text
                try:
                    yield KEY.open(text) or ""
                except (KeyProblem, ValueError):
                    continue
    connection.close()


def found_in(settings: Settings, *secrets: str) -> set[str]:
    texts = list(everything(settings))
    return {secret for secret in secrets if any(secret in text for text in texts)}


def sealed_of(settings: Settings) -> list[str]:
    """The ciphertexts of the child's name and number, as they stand in the registry."""
    connection = store.open_file(settings.registry_path, read_only=True)
    rows = store.run(connection, "SELECT name, id_no FROM person WHERE child_ref = ?", [CHILD_ID])
    connection.close()
    return [cell for row in rows for cell in row if cell]


def figures(settings: Settings) -> list[tuple]:
    connection = store.open_snapshot(settings.store)
    rows = store.run(connection, "SELECT * FROM figure ORDER BY ALL")
    connection.close()
    return rows


def forgotten(registry: Registry) -> Forgotten:
    registry.connection.close()
    return forget(registry.settings, KEY, CHILD_ID, NOW)


def reopened(registry: Registry) -> Registry:
    registry.connection = store.open_file(registry.settings.registry_path)
    return registry


def test_nothing_in_the_store_names_the_child_any_more(registry: Registry) -> None:
    registry.connection.close()
    build(registry.settings, AS_OF)
    assert found_in(registry.settings, *SECRETS) == set(SECRETS), "the search finds what is there"
    sealed = sealed_of(registry.settings)
    assert len(sealed) >= 2
    done = forget(registry.settings, KEY, CHILD_ID, NOW)
    assert (done.originals, done.snapshots, done.unsearched) == (3, 1, 0)
    assert found_in(registry.settings, *SECRETS) == set()
    assert found_in(registry.settings, OTHER_NAME) == {OTHER_NAME}, "everybody else stays"
    raw = b"".join(path.read_bytes() for path in registry.settings.store.rglob("*") if path.is_file())
    assert [cell for cell in sealed if cell.encode() in raw] == []
    assert [path.name for path in registry.settings.originals.glob(".*")] == []


def test_the_words_of_a_move_by_hand_go_and_the_move_stays(registry: Registry) -> None:
    sealed = KEY.seal("照护人住院") or ""
    day = AS_OF + dt.timedelta(9)
    made = Override(
        "", CHILD_ID, "visit", "up", "red", "green", (), "event_expected", sealed, "li.na", NOW, AS_OF, day
    )
    overrides.add(registry.connection, made)
    forgotten(registry)
    raw = b"".join(path.read_bytes() for path in registry.settings.store.rglob("*") if path.is_file())
    assert sealed.encode() not in raw
    kept = overrides.overrides(reopened(registry).connection)
    assert [(one.child_ref, one.tier, one.words) for one in kept] == [(CHILD_ID, "red", None)]


def test_no_figure_moves(registry: Registry) -> None:
    registry.connection.close()
    build(registry.settings, AS_OF)
    before = figures(registry.settings)
    assert any(row[0] == "C2" or "C2" in row for row in before)
    forget(registry.settings, KEY, CHILD_ID, NOW)
    assert figures(registry.settings) == before, "the published build"
    assert build(registry.settings, AS_OF).reused is False
    assert figures(registry.settings) == before, "a build made anew"


def test_a_later_delivery_counts_the_child_and_brings_no_identity_back(
    registry: Registry, tmp_path: Path
) -> None:
    forgotten(registry)
    again = reopened(registry)
    ledger = write_book(
        tmp_path / "十月.xlsx",
        ("village_ledger", [CHILD, CHILD, OTHER]),
        sender="橄榄村",
        reported="2026年10月3日",
    )
    rejected = {**VISIT, "应访截止日期": "2026-09-31"}
    nameless = {**VISIT, "身份证号": None, "出生日期": None}
    visits = write_book(
        tmp_path / "访.xlsx", ("visits", [{**VISIT, "走访方式": "电话"}, rejected, nameless]), sender="橄榄村"
    )
    outcomes = again.take_in(ledger, visits)
    assert [one.delivery.rows_accepted for one in outcomes] == [2, 1]
    assert again.rows(f"SELECT count(*) FROM child WHERE child_ref = '{CHILD_ID}'") == [(2,)]
    again.connection.close()
    assert found_in(registry.settings, *SECRETS) == set()


def test_a_request_that_was_interrupted_is_finished_by_the_next_call(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry.connection.close()
    build(registry.settings, AS_OF)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr("data_contracts.mending.forgetting._clean_registry", killed)
        with pytest.raises(KeyboardInterrupt):
            forget(registry.settings, KEY, CHILD_ID, NOW)
    with monkeypatch.context() as broken:
        broken.setattr("registry.store.rewrite", killed)
        with pytest.raises(KeyboardInterrupt):
            forget(registry.settings, KEY, CHILD_ID, NOW)
    forget(registry.settings, KEY, CHILD_ID, NOW)
    assert found_in(registry.settings, *SECRETS) == set()


def test_a_child_that_nobody_knows_is_an_error(registry: Registry) -> None:
    registry.connection.close()
    with pytest.raises(UnknownChild):
        forget(registry.settings, KEY, "c" + "0" * 20, NOW)
