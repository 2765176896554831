"""A form that no list foresees: asked about once, confirmed by an officer, known from then on."""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from data_contracts.headings import mappings
from data_contracts.headings.mappings import Mapping, MappingProblem, Mappings
from data_contracts.headings.unforeseen import Confirmation
from data_contracts.intake import FileOutcome
from registry.store import StoreProblem
from tests.sheets import Registry, area_book

AT = dt.datetime(2026, 10, 6, 9, 0, tzinfo=dt.UTC)
# A visit list in a township's own words: two headings that nothing foresees, one of them required.
OWN_WORDS = [
    "序号",
    "村（社区）",
    "姓名",
    "身份证号",
    "出生日期",
    "最晚几号去",
    "哪天去的",
    "走访方式",
    "是否见到儿童本人",
    "录入日期",
]
VISITS = [
    [
        1,
        "橄榄村",
        "王梓",
        "539902202103054722",
        "2021-03-05",
        "2026-03-31",
        "2026-03-30",
        "入户",
        "是",
        "2026-03-31",
    ],
    [
        2,
        "橄榄村",
        "王梓",
        "539902202103054722",
        "2021-03-05",
        "2026-04-30",
        "2026-04-29",
        "入户",
        "是",
        "2026-04-30",
    ],
    [3, "橄榄村", "王梓", "539902202103054722", "2021-03-05", "2026-05-31", "", "", "", "2026-05-31"],
]


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    found = Registry(tmp_path)
    found.take_in(area_book(tmp_path))
    return found


def book(
    path: Path, sender: str = "凤翔街道", rows: list[list[Any]] = VISITS, headings: list[str] = OWN_WORDS
) -> Path:
    with xlsxwriter.Workbook(path) as made:
        page = made.add_worksheet("走访")
        page.write_string(0, 0, f"填报单位：{sender}    填报日期：2026年9月30日")
        page.write_row(1, 0, headings)
        for place, row in enumerate(rows):
            page.write_row(2 + place, 0, row)
    return path


def one(outcomes: list[FileOutcome]) -> FileOutcome:
    assert len(outcomes) == 1
    return outcomes[0]


def asked(registry: Registry) -> list[Mapping]:
    return Mappings(registry.settings.mappings).waiting()


def mended(question: Mapping, **more: str) -> Mapping:
    columns = {**question.columns, "最晚几号去": "应访截止日期", "哪天去的": "走访日期", **more}
    return question.model_copy(update={"columns": columns})


def confirming(mapping: Mapping) -> Confirmation:
    return Confirmation(mapping, "officer.one", AT, "MAPPING.toml")


def adds_up(outcome: FileOutcome) -> bool:
    d = outcome.delivery
    return d.rows_read == d.rows_accepted + d.rows_quarantined + d.rows_ignored


def test_what_no_list_foresees_is_asked_and_every_row_waits(registry: Registry, tmp_path: Path) -> None:
    outcome = one(registry.take_in(book(tmp_path / "访.xlsx")))
    assert (outcome.delivery.status, outcome.delivery.rows_accepted) == ("rejected", 0)
    assert outcome.delivery.rows_quarantined == outcome.delivery.rows_read == 5
    (question,) = asked(registry)
    assert (question.form, question.sender, question.file, question.sheet) == (
        "visits",
        "凤翔街道",
        "访.xlsx",
        "走访",
    )
    assert {k for k, meant in question.columns.items() if not meant} == {"最晚几号去", "哪天去的"}
    assert question.columns["走访方式"] == "走访方式"
    hint = question.hints["哪天去的"]
    assert hint.kind == "few" and "走访日期" in hint.candidates
    assert max(hint.candidates.values()) < 0.9


def test_a_question_holds_headings_and_never_a_cell(registry: Registry, tmp_path: Path) -> None:
    registry.take_in(book(tmp_path / "访.xlsx"))
    for path in registry.settings.mappings.rglob("*.toml"):
        content = path.read_text("utf-8")
        assert "哪天去的" in content
        assert not any(word in content for word in ("王梓", "5399022021", "2026-03-30", "入户"))


def test_rows_of_children_are_never_taken_for_headings(registry: Registry, tmp_path: Path) -> None:
    outcome = one(registry.take_in(book(tmp_path / "无表头.xlsx", headings=["", ""])))
    assert outcome.delivery.rows_accepted == 0 and adds_up(outcome)
    assert asked(registry) == []


def test_a_confirmed_mapping_reads_the_file_that_waited_and_counts_nothing_twice(
    registry: Registry, tmp_path: Path
) -> None:
    file = book(tmp_path / "访.xlsx")
    before = one(registry.take_in(file, received_on=dt.date(2026, 10, 5)))
    answer = confirming(mended(asked(registry)[0]))
    again = one(registry.take_in(file, received_on=dt.date(2026, 11, 1), confirmation=answer))
    assert not again.already_known and adds_up(again)
    assert (again.delivery.status, again.delivery.rows_accepted, again.delivery.rows_quarantined) == (
        "accepted",
        3,
        0,
    )
    assert (again.delivery.seq, again.delivery.received_on) == (before.delivery.seq, dt.date(2026, 10, 5))
    assert registry.rows("SELECT count(*) FROM quarantine") == [(0,)]
    assert registry.rows("SELECT count(*), count(DISTINCT sha256) FROM delivery") == [(2, 2)]
    assert registry.rows("SELECT due_on, visited_on FROM visit ORDER BY due_on")[0] == (
        dt.date(2026, 3, 31), dt.date(2026, 3, 30),
    )  # fmt: skip
    assert asked(registry) == []
    assert one(registry.take_in(file)).already_known
    assert registry.rows("SELECT count(*) FROM visit") == [(3,)]


def test_who_confirmed_and_when_is_kept_and_what_was_replaced_too(registry: Registry, tmp_path: Path) -> None:
    file = book(tmp_path / "访.xlsx")
    registry.take_in(file)
    question = asked(registry)[0]
    registry.take_in(file, confirmation=confirming(mended(question)))
    (kept,) = Mappings(registry.settings.mappings).confirmed
    assert (kept.confirmed_by, kept.confirmed_at) == ("officer.one", "2026-10-06T09:00:00+00:00")
    registry.take_in(file, confirmation=confirming(mended(question, 是否见到儿童本人="ignore")))
    assert len(list((registry.settings.mappings / "earlier").glob("*.toml"))) == 1
    assert registry.rows("SELECT DISTINCT child_seen FROM visit") == [(None,)]


def test_the_senders_next_file_needs_no_question_and_another_senders_does(
    registry: Registry, tmp_path: Path
) -> None:
    first = book(tmp_path / "一.xlsx")
    registry.take_in(first)
    registry.take_in(first, confirmation=confirming(mended(asked(registry)[0])))
    later = [[1, *VISITS[0][1:5], "2026-06-30", "2026-06-29", "入户", "是", "2026-06-30"]]
    assert one(registry.take_in(book(tmp_path / "二.xlsx", rows=later))).delivery.status == "accepted"
    other = one(registry.take_in(book(tmp_path / "三.xlsx", sender="博尚镇")))
    assert other.delivery.status == "rejected"
    assert [question.sender for question in asked(registry)] == ["博尚镇"]


def test_one_answer_reads_all_files_of_that_sender_that_wait_for_it(
    registry: Registry, tmp_path: Path
) -> None:
    first, second = book(tmp_path / "一.xlsx"), book(tmp_path / "二.xlsx", rows=VISITS[:1])
    elsewhere = book(tmp_path / "三.xlsx", sender="博尚镇")
    registry.take_in(first, second, elsewhere)
    answer = mended(next(q for q in asked(registry) if q.sender == "凤翔街道"))
    outcomes = registry.take_in(first, confirmation=confirming(answer))
    assert {o.file: o.delivery.status for o in outcomes} == {"一.xlsx": "accepted", "二.xlsx": "accepted"}
    assert [question.file for question in asked(registry)] == ["三.xlsx"]


def test_an_answer_for_everyone_is_the_officers_to_give(registry: Registry, tmp_path: Path) -> None:
    first = book(tmp_path / "一.xlsx")
    registry.take_in(first)
    answer = mended(asked(registry)[0]).model_copy(update={"sender": "*"})
    registry.take_in(first, confirmation=confirming(answer))
    assert one(registry.take_in(book(tmp_path / "三.xlsx", sender="博尚镇"))).delivery.status == "accepted"


def test_a_delivery_is_read_again_from_its_kept_original_with_the_sender_named_when_it_came(
    registry: Registry, tmp_path: Path
) -> None:
    file = book(tmp_path / "访.xlsx")
    delivery = one(registry.take_in(file, sender="博尚镇")).delivery.delivery
    file.unlink()
    (question,) = asked(registry)
    assert (question.sender, question.sender_given) == ("博尚镇", True)
    from data_contracts.intake import Intake
    from tests.sheets import KEY

    answer = confirming(mended(question))
    intake = Intake(registry.settings, KEY, registry.connection, dt.date(2026, 12, 1), None, answer)
    outcome = one(intake.take_in([], again=[delivery]))
    assert (outcome.delivery.status, outcome.delivery.received_on) == ("accepted", dt.date(2026, 10, 5))
    with pytest.raises(StoreProblem, match="taken in before"):
        intake.take_in([], again=["nothing"])


def test_a_mapping_about_another_sender_or_other_headings_is_refused_and_not_kept(
    registry: Registry, tmp_path: Path
) -> None:
    registry.take_in(book(tmp_path / "一.xlsx"))
    answer = mended(asked(registry)[0])
    other = book(tmp_path / "三.xlsx", sender="博尚镇")
    with pytest.raises(MappingProblem) as found:
        registry.take_in(other, confirmation=confirming(answer))
    assert (found.value.key, found.value.expected) == ("fingerprint", "sheet_of_sender")
    assert not list(registry.settings.mappings.glob("*.toml"))


def test_an_answer_that_is_cut_off_halfway_changes_nothing(
    registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from data_contracts import intake

    file = book(tmp_path / "访.xlsx")
    registry.take_in(file)
    answer = confirming(mended(asked(registry)[0]))

    def broken(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(intake.Intake, "_close", broken)
        with pytest.raises(KeyboardInterrupt):
            registry.take_in(file, confirmation=answer)
    assert registry.rows("SELECT status FROM delivery WHERE file = '访.xlsx'") == [("rejected",)]
    assert registry.rows("SELECT count(*) FROM quarantine") == [(5,)]
    assert one(registry.take_in(file)).delivery.status == "accepted", (
        "the answer is known; the file is read with it"
    )


def test_a_proposal_is_plain_toml_that_comes_back_as_it_was_written(
    registry: Registry, tmp_path: Path
) -> None:
    headings = [*OWN_WORDS, '备"注\\', '备"注\\']
    registry.take_in(book(tmp_path / "访.xlsx", headings=headings))
    (question,) = asked(registry)
    target = tmp_path / "MAPPING.toml"
    mappings.write(question, target)
    assert mappings.read(target) == question
    assert list(tomllib.loads(target.read_text("utf-8"))["columns"])[-2:] == ['备"注\\', '备"注\\ [2]']


@pytest.mark.parametrize(
    ("change", "key", "expected"),
    [
        ({"form": "visitz"}, "form", "form"),
        ({"columns": {"哪天去的": "走访天"}}, "哪天去的", "heading"),
        ({"columns": {"哪天去的": "录入日期"}}, "录入日期", "once"),
        ({"columns": {"哪天去的": ""}}, "哪天去的", "decided"),
        ({"columns": {"最晚几号去": "ignore"}}, "columns", "required"),
    ],
)
def test_a_mapping_that_cannot_be_right_is_told_by_key_expected_and_found(
    registry: Registry, tmp_path: Path, change: dict[str, Any], key: str, expected: str
) -> None:
    registry.take_in(book(tmp_path / "访.xlsx"))
    good = mended(asked(registry)[0])
    columns = {**good.columns, **change.get("columns", {})}
    bad = good.model_copy(update={**change, "columns": columns})
    mappings.check(good, "MAPPING.toml")
    with pytest.raises(MappingProblem) as found:
        mappings.check(bad, "MAPPING.toml")
    assert (found.value.file, found.value.key, found.value.expected) == ("MAPPING.toml", key, expected)


def test_a_heading_that_the_sheet_does_not_have_is_refused(registry: Registry, tmp_path: Path) -> None:
    file = book(tmp_path / "访.xlsx")
    registry.take_in(file)
    answer = mended(asked(registry)[0], 哪天来的="ignore")
    with pytest.raises(MappingProblem) as found:
        registry.take_in(file, confirmation=confirming(answer))
    assert (found.value.key, found.value.expected) == ("哪天来的", "sheet_heading")


@pytest.mark.parametrize(
    ("text", "key", "expected"),
    [
        ('form = "visits"\nform = "visits"', "—", "toml"),
        ('form = "visits"\nsender = ""\ncolumns = {}', "fingerprint", "present"),
        (
            'form = "visits"\nsender = ""\nfingerprint = "a"\ncolumns = {}\ncolour = 1',
            "colour",
            "no_such_key",
        ),
        ('form = 3\nsender = ""\nfingerprint = "a"\ncolumns = {}', "form", "kind"),
    ],
)
def test_a_file_that_is_no_mapping_is_told_by_file_and_key(
    tmp_path: Path, text: str, key: str, expected: str
) -> None:
    file = tmp_path / "M.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(MappingProblem) as found:
        mappings.read(file)
    assert (found.value.file, found.value.key, found.value.expected) == ("M.toml", key, expected)
