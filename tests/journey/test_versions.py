"""A district's own card and rules through a whole build: what the trial promised is what the list becomes."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from models.screening.rulebook.card import cards
from models.screening.rulebook.lanes import text_of
from tests.journey.conftest import Shouhu

AS_OF = "2026-09-30"


@pytest.fixture(scope="module")
def copy(shouhu: Shouhu, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of its own, so that the district of the other journeys keeps its list."""
    return Path(shutil.copytree(shouhu.store, tmp_path_factory.mktemp("versions") / "store"))


def test_a_published_version_gives_the_list_that_the_trial_showed(
    shouhu: Shouhu, copy: Path, tmp_path: Path
) -> None:
    card, rules = tmp_path / "card.toml", tmp_path / "rules.toml"
    card.write_text(
        cards()["visit_expert_v1"].text.replace('"visit_expert_v1"', '"visit_district_v2"')
        .replace("{ from = 180, points = 5 }", "{ from = 180, points = 9 }").replace("[0, 29]", "[0, 33]"), "utf-8"
    )  # fmt: skip
    rules.write_text(text_of("visit").replace('"visit_interval_orange_days"', "21"), "utf-8")
    before = json.loads(shouhu("screen", "--json", store=copy).out)
    tried = json.loads(shouhu("trial", str(rules), "--quarters", "1", "--json", store=copy).out)
    assert tried["moved"]["due"] > 0
    (quarter,) = tried["quarters"]
    for side in ("held", "tried"):
        assert sum(sum(one.values()) for one in quarter[side].values()) == quarter["n"] > 0
    assert quarter["held"]["report_now"] == quarter["tried"]["report_now"]

    for file, subject in ((card, "visit_card"), (rules, "visit_rules")):
        assert (
            shouhu("cards", "save", str(file), "--author", "li.na", "--reason", "讨论过", store=copy).code
            == 0
        )
        published = ("cards", "publish", subject, "2", "--by", "wang.fang", "--reason", "复核无误")
        assert shouhu(*published, store=copy).code == 0
    assert json.loads(shouhu("screen", "--json", store=copy).out) == before, "nothing moves before a build"
    assert shouhu("build", "--as-of", AS_OF, store=copy).code == 0
    after = {
        one["child_id"]: one for one in json.loads(shouhu("screen", "--json", store=copy).out)["children"]
    }
    due = {one["child_id"]: one["to"]["due_on"] for one in tried["moves"] if one["kind"] == "due"}
    assert {child: after[child]["due_on"] for child in due} == due
    assert shouhu("receipts", store=copy).code == 0, "receipts are made with the versions of the build"
    lane = [[one["child_id"] for one in listed if one["lane"] == "report_now"]
            for listed in (before["children"], after.values())]  # fmt: skip
    assert sorted(lane[0]) == sorted(lane[1])
