"""Which periods take part, and on which day each is looked at."""

from __future__ import annotations

from datetime import date

import pytest

from models import parameters
from models.periods import periods

AS_OF = date(2026, 9, 30)


def _by_name(as_of: date, months: int = 24) -> dict[str, tuple[str, date, date, date]]:
    return {
        row.period: (row.kind, row.starts_on, row.ends_on, row.snapshot_on) for row in periods(as_of, months)
    }


def test_a_period_is_looked_at_on_its_last_day_or_today() -> None:
    found = _by_name(AS_OF)
    assert found["2026Q2"] == ("quarter", date(2026, 4, 1), date(2026, 6, 30), date(2026, 6, 30))
    assert found["2026"] == ("year", date(2026, 1, 1), date(2026, 12, 31), AS_OF)
    assert found["2026秋"][3] == AS_OF
    assert found["2025-2026学年"] == ("school_year", date(2025, 9, 1), date(2026, 8, 31), date(2026, 8, 31))
    assert found["2026-09-30"] == ("snapshot", AS_OF, AS_OF, AS_OF)


def test_a_period_takes_part_from_its_first_day() -> None:
    assert "2026Q4" not in _by_name(AS_OF)
    assert "2026Q4" in _by_name(date(2026, 10, 1))


def test_history_reaches_back_twenty_four_months() -> None:
    months = [name for name, row in _by_name(AS_OF).items() if row[0] == "month"]
    assert len(months) == 24
    assert months[0] == "2024-10"


@pytest.mark.parametrize(
    ("as_of", "name"),
    [
        (AS_OF, "2025-10-01..2026-09-30"),
        (date(2026, 9, 15), "2025-09-16..2026-09-15"),
        (date(2025, 2, 28), "2024-03-01..2025-02-28"),
    ],
)
def test_twelve_months_end_today(as_of: date, name: str) -> None:
    assert name in _by_name(as_of)


def test_a_parameter_changes_on_its_day() -> None:
    text = """
    [[parameter]]
    name = "grace"
    zh = "宽限"
    en = "grace"
    unit = "days"
    values = [
      { value = 0, valid_from = 2020-01-01, valid_to = 2025-12-31, source = "甲", confirm_locally = true },
      { value = 3, valid_from = 2026-01-01, source = "乙", confirm_locally = true },
    ]
    """
    assert [(one.value, one.valid_to) for one in parameters.parse(text, "x.toml")] == [
        (0, date(2025, 12, 31)),
        (3, None),
    ]
    with pytest.raises(parameters.ParameterError, match="must end before 2026-01-01"):
        parameters.parse(text.replace("valid_to = 2025-12-31, ", ""), "x.toml")
    with pytest.raises(parameters.ParameterError, match="unit"):
        parameters.parse(text.replace('unit = "days"', 'units = "days"'), "x.toml")


def test_a_day_before_the_first_value_is_an_error() -> None:
    with pytest.raises(parameters.ParameterError, match="no value is in force on 2019-12-31"):
        parameters.value_on("age_limit_years", date(2019, 12, 31))
