"""The made-up district: impossible people, clean by construction, every case there, faults where it says."""

import csv
import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from stdnum.cn.ric import calc_check_digit

from data_contracts.contract import contracts
from data_contracts.demo import World, breakable_checks, established, make_district, make_world, planned_files
from data_contracts.demo.faults import plant
from data_contracts.demo.ledgers import DeliveryFile, delivery_files
from data_contracts.demo.profile import profile, risk
from data_contracts.demo.world import Child, MonthOf, birthday
from data_contracts.demo.writing import Typed
from data_contracts.forms import forms
from data_contracts.template_words import contract_column
from data_contracts.vocabularies import vocabularies

AS_OF = date(2026, 9, 30)
SMALL = 200
COMPARISON = re.compile(r"^(\w+) ([<>]) (\w+)$")
NEVER_ISSUED = ("539902", "449902", "339903", "329905", "533591", "539991")
CASES = {
    "sixteenth_birthday_today",
    "born_29_february",
    "carer_with_legacy_prefix",
    "id_of_other_province",
    "same_name_twins",
    "one_parent_away_no_evidence",
    "boarder_on_school_list_only",
    "on_police_list_only",
    "returned_parent_file_open",
    "void_mht",
    "sdq_scored_1_to_3",
    "phq_item_nine_total_four",
    "visit_typed_after_quarter",
    "copied_notes",
    "telephone_as_home_visit",
    "village_with_three_children",
    "referral_still_open",
    "zero_denominator",
    "traditional_headings",
    "mandatory_ticked_no",
    "lives_alone",
    "under_eight_unattended",
}


@pytest.fixture(scope="module")
def world() -> World:
    return make_world(SMALL, as_of=AS_OF)


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("district")
    make_district(out, children=SMALL, as_of=AS_OF)
    return out


def one(world: World, case: str) -> Child:
    wanted = world.cases[case][0]
    return next(child for child in world.children if child.id_no == wanted)


# --- a second reading of the contracts, written without the demo's own code -------------------------------


def cells(row: dict[str, Any], form_id: str) -> Iterator[tuple[str, str, Any, Any]]:
    """(table#instance, column name, contract column, value) of every cell that writes something."""
    for column in forms()[form_id].columns:
        table, instance, name = column.target
        if table:
            place = f"{table}#{instance}" if instance else table
            yield place, name, contract_column(column), row[column.heading]


def fails(row: dict[str, Any], form_id: str, as_of: date) -> set[str]:
    """Every `<table>.<check>` that this row fails, row by row."""
    found: set[str] = set()
    by_place: dict[str, dict[str, Any]] = {}
    for place, name, column, value in cells(row, form_id):
        table = place.split("#")[0]
        by_place.setdefault(place, {})[name] = value
        if column is not None and table in contracts():
            found |= {f"{table}.{check}" for check in cell_fails(column, value, as_of)}
    if "enrolment_episode#closing" in by_place:
        by_place["enrolment_episode"] |= by_place.pop("enrolment_episode#closing")
    for place, values in by_place.items():
        table = place.split("#")[0]
        if table in contracts():
            found |= {
                f"{table}.{check.id}" for check in contracts()[table].checks if row_fails(check, values)
            }
    return found


def cell_fails(column: Any, value: Any, as_of: date) -> Iterator[str]:
    if value is None:
        if column.required:
            yield f"{column.name}_known"
        return
    if isinstance(value, Typed):
        yield f"{column.name}_in_code_list" if column.vocabulary else f"{column.name}_in_form"
        if column.type != "idno":
            return
    if column.vocabulary and value not in {entry.code for entry in vocabularies()[column.vocabulary].values}:
        yield f"{column.name}_in_code_list"
    if column.not_in_future and isinstance(value, date) and value > as_of:
        yield f"{column.name}_not_in_future"
    if isinstance(value, int) and not isinstance(value, bool):
        low, high = column.minimum, column.maximum
        if (low is not None and value < low) or (high is not None and value > high):
            yield f"{column.name}_in_range"
    if column.type == "idno" and calc_check_digit(value) != value[17]:
        yield "id_check_digit"


def row_fails(check: Any, values: dict[str, Any]) -> bool:
    if check.id == "absent_more_than_expected":
        days = [values[name] for name in ("n_excused", "n_unexcused", "n_expected")]
        return None not in days and bool(days[0] + days[1] > days[2])
    if check.id == "total_out_of_range":
        return values["total"] is not None and bool(values["total"] > (40 if "norm_set" in values else 90))
    match = COMPARISON.match(check.fails_when)
    assert match, f"a form of check that this test does not know: {check.fails_when}"
    left, right = (as_day(values.get(match[group]), last=group == 3) for group in (1, 3))
    if left is None or right is None or isinstance(left, Typed) or isinstance(right, Typed):
        return False
    return bool(left < right if match[2] == "<" else left > right)


def as_day(value: Any, last: bool) -> Any:
    if isinstance(value, MonthOf):
        return date(value.year, value.month, 1)
    return value


def all_rows(files: list[DeliveryFile]) -> Iterator[tuple[str, dict[str, Any]]]:
    for file in files:
        for sheet in file.sheets:
            for row in sheet.rows:
                yield sheet.form_id, row


# --- the clean district -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "as_of", [AS_OF, date(2024, 2, 29), date(2026, 1, 10), date(2025, 11, 24)], ids=lambda day: f"{day}"
)
def test_no_row_of_an_unbroken_district_fails_a_check(as_of: date) -> None:
    failed: Counter[str] = Counter()
    for form_id, row in all_rows(planned_files(make_world(SMALL, as_of=as_of))):
        failed.update(fails(row, form_id, as_of))
    assert failed == Counter()


def test_no_contract_key_stands_twice_in_a_form(world: World) -> None:
    seen: Counter[Any] = Counter()
    for file in delivery_files(world):
        for sheet in file.sheets:
            for row in sheet.rows:
                seen.update(keys_of(row, sheet.form_id))
    assert [key for key, times in seen.items() if times > 1] == []


def keys_of(row: dict[str, Any], form_id: str) -> list[Any]:
    by_place: dict[str, dict[str, Any]] = {}
    for place, name, _, value in cells(row, form_id):
        by_place.setdefault(place, {})[name] = value
    who = {**by_place.get("person", {})}
    child = who.get("id_no") or (who.get("name"), who.get("village_code"), who.get("birth_date"))
    keys: list[Any] = []
    for place, values in by_place.items():
        table = place.split("#")[0]
        mentioned_only = place == "person" or (place == "worker" and set(values) == {"name"})
        if table not in contracts() or mentioned_only or "#closing" in place:
            continue
        key = [child if part == "child_ref" else values.get(part) for part in contracts()[table].key]
        named = values.get("worker_name") or by_place.get("worker", {}).get("name")
        keys.append((form_id, place, *key, values.get("school_name"), named))
    return keys


def test_every_row_has_what_its_form_requires(world: World) -> None:
    for form_id, row in all_rows(delivery_files(world)):
        for column in forms()[form_id].columns:
            if column.required:
                assert row[column.heading] is not None, (form_id, column.heading)


def test_lists_agree_on_number_birth_date_sex_and_village(world: World) -> None:
    known: dict[str, tuple[Any, ...]] = {}
    for form_id, row in all_rows(delivery_files(world)):
        who = {name: value for place, name, _, value in cells(row, form_id) if place == "person"}
        if not who.get("id_no"):
            continue
        assert who["id_no"][6:14] == f"{who['birth_date']:%Y%m%d}"
        facts = (who["name"], who["birth_date"])
        assert known.setdefault(who["id_no"], facts) == facts
        if "sex" in who:
            assert (int(who["id_no"][16]) % 2 == 1) == (who["sex"] == "male")


def test_nobody_in_the_district_can_exist(world: World) -> None:
    numbers = [child.id_no for child in [*world.children, *world.classmates] if child.id_no]
    numbers += [household.carer.id_no for household in world.households]
    assert len(numbers) == len(set(numbers))
    for number in numbers:
        assert number.startswith(NEVER_ISSUED)
        assert number[17] == calc_check_digit(number)
    phones = [household.carer.phone for household in world.households] + [w.phone for w in world.workers]
    assert all(re.fullmatch(r"140000\d{5}", phone) for phone in phones if phone)


def test_no_identity_number_in_the_files_is_a_number_cell(district: Path) -> None:
    for path in sorted(district.rglob("*.xlsx"))[:12]:
        book = CalamineWorkbook.from_path(str(path))
        for name in book.sheet_names:
            for row in book.get_sheet_by_name(name).to_python():
                assert not any(isinstance(value, float) and value >= 10**14 for value in row)


# --- size and shares ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("children", [SMALL, 600])
def test_the_district_has_as_many_children_as_asked_for(children: int) -> None:
    world = make_world(children, seed=3, as_of=AS_OF)
    assert len(world.children) == children
    assert len({village.name for village in world.villages}) == len(world.villages)
    assert len(profile()["townships"]) == 10
    assert {village.township_code for village in world.villages} == set(profile()["townships"])


def test_shares_follow_the_national_profile() -> None:
    world = make_world(2000, as_of=AS_OF)
    children = list(world.open_children())
    grandparents = sum("grand" in child.household.carer.relation_to_child for child in children)
    boys = sum(child.sex == "male" for child in children)
    small = sum(birthday(child.birth_date, 6) > AS_OF for child in children)
    assert 0.94 < grandparents / len(children) < 0.98
    assert 0.51 < boys / len(children) < 0.58
    assert 0.18 < small / len(children) < 0.26
    assert len(world.villages) == 100
    assert 10_000 < len(world.visits) < 18_000
    concerns = world.events["concerns"]
    mandatory = [event for event in concerns if event.values["ticked_mandatory"]]
    assert 0.07 < len(concerns) / len(children) < 0.16 and 0.06 < len(mandatory) / len(concerns) < 0.25


def test_need_drives_trouble_at_the_stated_mean() -> None:
    assert risk(0.03, 2.0) > 4 * risk(0.03, 0.0)
    mean = sum(risk(0.03, -3 + step / 50) * density(-3 + step / 50) for step in range(301)) / 50
    assert mean == pytest.approx(0.03, rel=0.05)


def density(z: float) -> float:
    return 2.718281828 ** (-z * z / 2) / 2.5066282746


def test_too_small_a_district_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 150 children, found 20"):
        make_world(20, as_of=AS_OF)


# --- the cases ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_case_is_there_even_in_a_small_district(seed: int) -> None:
    world = make_world(SMALL, seed=seed, as_of=AS_OF)
    assert set(world.cases) == CASES
    assert [case for case, carriers in world.cases.items() if not carriers] == []


def test_the_child_who_turns_sixteen_today_is_out_with_an_open_file(world: World) -> None:
    child = one(world, "sixteenth_birthday_today")
    assert birthday(child.birth_date, 16) == AS_OF and child.open_on(AS_OF)
    assert established(child, AS_OF) == "no"


def test_twins_share_everything_but_the_number(world: World) -> None:
    first, second = [child for child in world.children if child.id_no in world.cases["same_name_twins"]]
    assert (first.name, first.birth_date, first.village_code) == (
        second.name,
        second.birth_date,
        second.village_code,
    )
    assert first.id_no != second.id_no


def test_one_parent_away_without_evidence_cannot_be_established(world: World) -> None:
    for number in world.cases["one_parent_away_no_evidence"]:
        child = next(child for child in world.children if child.id_no == number)
        assert established(child, AS_OF) == "unknown"


def test_a_returned_parent_with_an_open_file_is_not_eligible(world: World) -> None:
    child = one(world, "returned_parent_file_open")
    assert child.open_on(AS_OF) and established(child, AS_OF) == "no"


def test_item_nine_is_a_crisis_at_a_total_of_four(world: World) -> None:
    child = one(world, "phq_item_nine_total_four")
    screens = [s for s in world.screens if s.child is child and s.scale == "PHQ"]
    assert [(s.total, s.crisis_flag, s.crisis_closed_on) for s in screens] == [(4, True, None)]


def test_a_call_logged_as_a_home_visit_says_home(world: World) -> None:
    note = profile()["visits"]["telephone_note"]
    assert {visit.mode for visit in world.visits if visit.note == note} == {"home"}


def test_copied_notes_are_one_workers(world: World) -> None:
    note = profile()["visits"]["copied_note"]
    copied = [visit for visit in world.visits if visit.note == note]
    assert len(copied) >= 2 and len({id(visit.worker) for visit in copied}) == 1


def test_the_village_of_three_changed_by_one_in_the_quarter(world: World) -> None:
    village = world.villages[1].code
    children = [child for child in world.open_children() if child.village_code == village]
    opened = [child for child in children if child.opened_on >= date(2026, 7, 1)]
    assert len(children) == 3 and len(opened) >= 1


def test_nobody_sends_an_empty_file(world: World, district: Path) -> None:
    name = world.villages[0].name
    assert not list(district.glob(f"02_村级台账/*_{name}_*.xlsx"))


def test_some_headings_are_in_traditional_characters_with_pinyin(world: World, district: Path) -> None:
    village = next(village for village in world.villages if village.traditional)
    (book,) = district.glob(f"02_村级台账/*_{village.name}_*.xlsx")
    headings = CalamineWorkbook.from_path(str(book)).get_sheet_by_name("台账").to_python()[3]
    assert "姓名(xìng míng)" in headings and "身份證號" in headings


# --- the files ----------------------------------------------------------------------------------------------


def digests(folder: Path) -> dict[str, str]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_the_same_seed_and_day_give_the_same_bytes(district: Path, tmp_path: Path) -> None:
    make_district(tmp_path, children=SMALL, as_of=AS_OF)
    assert digests(tmp_path) == digests(district)


def test_another_seed_gives_other_children(world: World) -> None:
    other = make_world(SMALL, seed=2, as_of=AS_OF)
    mine = {child.id_no for child in world.children} - {None}
    assert len(mine & {child.id_no for child in other.children}) == 0


def test_a_sheet_holds_the_rows_that_were_planned(world: World, district: Path) -> None:
    for file in delivery_files(world):
        if file.kind == "csv":
            with (district / file.path).open(encoding=file.encoding, newline="") as handle:
                assert len(list(csv.reader(handle))) == 1 + len(file.sheets[0].rows)
            continue
        book = CalamineWorkbook.from_path(str(district / file.path))
        for sheet in file.sheets:
            rows = book.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
            headings = 4 if sheet.form_id in ("village_ledger", "village_exits") else 3
            assert len(rows) == headings + len(sheet.rows) + 2
            assert rows[headings + len(sheet.rows)][0] == "合计"


def test_progress_is_told(tmp_path: Path) -> None:
    told: list[str] = []
    make_district(tmp_path, children=SMALL, as_of=AS_OF, months=6, progress=told.append)
    assert told and told[-1].startswith("已写 ")


# --- faults -------------------------------------------------------------------------------------------------

# A planted cell serves several tables at once: the child's sex is the person's sex.
ONE_OF_A_KIND = [
    "visit.recorded_before_visit",
    "visit.due_on_known",
    "visit.visited_on_not_in_future",
    "psych_screen.total_out_of_range",
    "psych_screen.lie_score_in_range",
    "attendance.absent_more_than_expected",
    "attendance.month_in_form",
    "hazard.due_before_found",
    "hazard.found_on_not_in_future",
    "concern.aware_on_not_in_future",
    "concern.situation_in_code_list",
    "parent_migration.returned_before_left",
    "enrolment_episode.closed_before_opened",
    "police_case.accepted_before_reported",
    "budget.released_more_than_approved",
    "budget.approved_in_range",
    "attendance.n_expected_in_range",
    "household_sweep.swept_more_than_all",
    "person.id_check_digit",
    "relief_payment.due_amount_in_range",
]


@pytest.mark.parametrize("check", ONE_OF_A_KIND)
def test_a_planted_fault_fails_its_own_check_and_no_other(check: str) -> None:
    world = make_world(SMALL, as_of=AS_OF)
    files = planned_files(world, check)
    failed: Counter[str] = Counter()
    for form_id, row in all_rows(files):
        failed.update(fails(row, form_id, AS_OF))
    expected = {check: len(world.planted)}
    if check == "person.id_check_digit":
        expected["person.id_no_in_form"] = len(world.planted)  # this test's word for any typed text
    assert failed == Counter(expected)
    assert 1 <= len(world.planted) <= 4


def test_the_brief_examples_can_be_planted() -> None:
    known = set(breakable_checks())
    assert {"child.sex_in_code_list", "person.id_check_digit", "visit.due_on_known"} <= known
    assert len(known) > 300


def test_every_breakable_check_finds_rows_to_spoil() -> None:
    world = make_world(600, as_of=AS_OF)
    files = delivery_files(world)
    for check in breakable_checks():
        planted = plant(files, check, world)
        assert planted and {place.check for place in planted} == {check}


@pytest.mark.parametrize(
    ("check", "written"),
    [
        ("child.sex_in_code_list", "清单以外"),
        ("visit.due_on_known", ""),
        ("relief_payment.month_in_form", "2026-13"),
        ("schooling.grade_in_code_list", "清单以外"),
    ],
)
def test_the_fault_stands_where_the_list_says(tmp_path: Path, check: str, written: str) -> None:
    world = make_district(tmp_path, children=SMALL, as_of=AS_OF, months=12, break_check=check)
    assert world.planted
    for place in world.planted:
        path = tmp_path / place.file
        if path.suffix == ".csv":
            encoding = "gb18030" if "花名册" in place.file else "utf-8-sig"
            rows: list[list[Any]] = list(csv.reader(path.read_text(encoding).splitlines()))
            headings = rows[0]
        else:
            book = CalamineWorkbook.from_path(str(path))
            rows = book.get_sheet_by_name(place.sheet).to_python(skip_empty_area=False)
            headings = next(row for row in rows[2:4][::-1] if place.heading in row)
        assert rows[place.row - 1][headings.index(place.heading)] == written


def test_a_planted_key_stands_twice(tmp_path: Path) -> None:
    world = make_world(SMALL, as_of=AS_OF)
    files = planned_files(world, "visit.visit_key_unique")
    seen = Counter(
        (row["身份证号"] or row["姓名"], row["应访截止日期"])
        for form_id, row in all_rows(files)
        if form_id == "visits"
    )
    assert sum(times == 2 for times in seen.values()) == len(world.planted)


def test_an_unknown_check_is_refused_with_its_neighbours(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"visit\.no_such.*visit\.due_on_known"):
        make_district(tmp_path, children=SMALL, as_of=AS_OF, months=6, break_check="visit.no_such")


def test_times_are_never_after_the_day_of_the_report(world: World) -> None:
    for form_id, row in all_rows(delivery_files(world)):
        for value in row.values():
            if isinstance(value, datetime):
                assert value.date() <= AS_OF, form_id
