"""Over a whole district: every place follows from its facts, and every child is told what would lower its tier."""

from __future__ import annotations

from dashboard.commands.lists import ranked
from dashboard.snapshot import opened
from dashboard.texts import text
from dashboard.views.lowering import known_of, lowering_words
from registry import store
from tests.journey.conftest import Shouhu

LOWEST = {"visit": "green", "referral": "green"}


def test_every_child_stands_where_its_facts_put_it_and_is_told_what_would_lower_it(shouhu: Shouhu) -> None:
    told = {}
    with opened(shouhu.store) as snapshot:
        for row in snapshot.frame("SELECT * FROM screening").to_dicts():
            known = known_of(snapshot, row)
            assert known is not None, f"{row['target']} {row['child_id']}"
            told[row["target"], row["child_id"]] = lowering_words(snapshot, "en", known)
    assert all(told.values())
    assert any(text("en", "lowering.report_first") in words for words in told.values())
    assert [text("en", "lowering.report_only")] in told.values()
    connection = store.open_snapshot(shouhu.store)
    try:
        lists = {target: ranked(connection, target, "en") for target in LOWEST}
    finally:
        connection.close()
    for target, children in lists.items():
        for child in children:
            steps = [step["sentence"] for way in child["lowered_by"] for step in way["steps"]]
            words = " ".join(told[target, child["child_id"]])
            assert all(sentence in words for sentence in steps)
            is_lowest = child["lane"] != "report_now" and child["tier"] == LOWEST[target]
            assert not (is_lowest and steps)
        assert any(child["lowered_by"] for child in children)
