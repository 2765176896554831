"""The first page says when the published lists no longer follow from what came in, to those who work with them."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from dashboard.access import Role
from dashboard.texts import text
from models.receipt_runs import HISTORY, Found, Run, as_document
from tests.pages.test_pages import open_page, published  # noqa: F401  (fixtures)

DAY = dt.date(2026, 9, 30)
RUN = Run(dt.datetime(2026, 10, 1, 5, 15, tzinfo=dt.UTC), "b", DAY, DAY, 252, (Found("card", "visit"),))


@pytest.mark.parametrize(
    ("role", "is_told"),
    [(Role.PLANNER, True), (Role.ANALYST, True), (Role.DATA_OFFICER, True), (Role.SUPERVISOR, False)],
)
def test_a_difference_is_told_on_the_first_page(open_page, tmp_path, role, is_told):  # noqa: F811
    (tmp_path / HISTORY).write_text(json.dumps(as_document(RUN)) + "\n", "utf-8")
    told = [one.value for one in open_page("overview", role).error]
    words = text("zh", "receipts.alarm_differs", at="2026-10-01 05:15 UTC", n=1,
                 parts=text("zh", "receipts.part.card"))  # fmt: skip
    assert told == ([words] if is_told else [])


def test_without_a_difference_nothing_is_said(open_page, tmp_path):  # noqa: F811
    (tmp_path / HISTORY).write_text(json.dumps(as_document(RUN._replace(found=()))) + "\n", "utf-8")
    assert [one.value for one in open_page("overview", Role.PLANNER).error] == []
