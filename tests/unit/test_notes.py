"""Copied notes are found by keyed signatures, without a word of them being kept."""

from __future__ import annotations

import datetime as dt
import random
from pathlib import Path

import pytest

from data_contracts.known import make_known_tables
from data_contracts.notes import SHUFFLES, likeness, note_length, note_signature, plain
from registry import store
from registry.vault import Vault
from tests.sheets import KEY, Registry, area_book, write_book

NOTE = "下午到访，与照护人交谈，家中粮食充足，提醒防溺水。孩子正在写作业，李小明说想念父母，2026年3月5日。"
COPY = NOTE.replace("李小明", "王大伟").replace("2026年3月5日", "2026年8月17日")
OTHER = "上午到访，检查书包和作业本，字迹工整。照护人年事已高，行动不便，建议邻里帮助，已经告知村委会。"


def signed(note: str | None, name: str | None = None, vault: Vault = KEY) -> str:
    found = note_signature(vault, note, name)
    assert found is not None
    return found


def test_a_copy_with_another_day_and_another_childs_name_is_the_same_note() -> None:
    assert likeness(signed(NOTE, "李小明"), signed(COPY, "王大伟")) == 1


def test_a_copy_with_a_strangers_name_in_it_is_nearly_the_same() -> None:
    assert 0.7 < likeness(signed(NOTE), signed(COPY)) < 1


def test_another_note_is_not_like_it() -> None:
    assert likeness(signed(NOTE), signed(OTHER)) < 0.15


def exact(one: str, other: str) -> float:
    def pieces(note: str) -> set[str]:
        words = plain(note)
        return {words[at : at + 3] for at in range(len(words) - 2)}

    return len(pieces(one) & pieces(other)) / len(pieces(one) | pieces(other))


def test_the_estimate_keeps_near_the_true_likeness() -> None:
    rng = random.Random(7)
    letters = [chr(code) for code in range(0x4E00, 0x4E00 + 3000)]
    errors = []
    for _ in range(200):
        one = rng.choices(letters, k=60)
        other = [rng.choice(letters) if rng.random() < 0.1 else letter for letter in one]
        estimate = likeness(signed("".join(one)), signed("".join(other)))
        errors.append(estimate - exact("".join(one), "".join(other)))
    # The standard error is at most 1 / (2 · √128) = 0.044; the mean of 200 errors lies within 0.01 of none.
    assert max(abs(error) for error in errors) < 4.5 * 0.044
    assert abs(sum(errors) / len(errors)) < 0.01


def test_a_signature_says_nothing_without_the_key() -> None:
    stranger = Vault(b"s" * 32)
    assert likeness(signed(NOTE), signed(NOTE, vault=stranger)) < 0.05
    assert len(signed(NOTE)) == 2 * SHUFFLES
    assert note_signature(KEY, NOTE) == note_signature(KEY, NOTE)


@pytest.mark.parametrize("note", [None, "", "好。", "1 2，3"])
def test_a_note_of_fewer_than_three_characters_has_no_signature(note: str | None) -> None:
    assert note_signature(KEY, note) is None


def test_the_length_counts_words_and_no_marks_or_spaces() -> None:
    assert note_length("家访， 已完成。") == 5
    assert note_length(None) is None


def test_only_notes_of_the_same_visitor_are_compared(tmp_path: Path) -> None:
    def visit(due: str, name: str, visitor: str | None, note: str | None) -> dict[str, str | None]:
        return {
            "村（社区）": "橄榄村",
            "姓名": name,
            "出生日期": "2015-05-01",
            "应访截止日期": due,
            "走访日期": due,
            "走访方式": "入户",
            "走访人": visitor,
            "走访情况记录": note,
            "录入日期": due,
        }

    rows = [
        visit("2026-07-01", "李小明", "张甲", NOTE),
        visit("2026-07-02", "王大伟", "张甲", COPY),
        visit("2026-07-03", "李小明", "李乙", NOTE),
        visit("2026-07-04", "李小明", "李乙", OTHER),
        visit("2026-07-05", "李小明", None, NOTE),
        visit("2026-07-06", "李小明", "张甲", None),
    ]
    registry = Registry(tmp_path)
    registry.take_in(area_book(tmp_path))
    registry.take_in(write_book(tmp_path / "访.xlsx", ("visits", rows), sender="凤翔街道"))
    registry.connection.close()
    connection = store.memory()
    store.run(connection, f"ATTACH '{registry.settings.registry_path}' AS registry (READ_ONLY)")
    make_known_tables(connection, "registry", dt.date(2026, 10, 5))
    found = {
        day.day: (percent, like)
        for day, percent, like in store.run(
            connection, "SELECT due_on, likeness_percent, like_record FROM note_likeness"
        )
    }
    assert set(found) == {1, 2, 3, 4}
    assert found[1][0] == found[2][0] == 100
    assert found[3][0] < 15 and found[4][0] < 15
    records = dict(store.run(connection, "SELECT due_on, record FROM visit"))
    assert found[1][1] == records[dt.date(2026, 7, 2)]
    held = store.run(connection, "SELECT * FROM visit")
    assert not any("照护人" in str(cell) for row in held for cell in row)
