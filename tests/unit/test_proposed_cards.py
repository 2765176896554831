"""A proposed card is good TOML with its report, inside its constraints, and publishes nothing."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner, Result

from dashboard.cli import app
from models.learning.proposing import offering
from models.learning.proposing.allowed import Candidate, candidates
from models.learning.proposing.judging import judge, split
from models.learning.proposing.made_up import made_up_rows
from models.learning.proposing.proposal import Wanted, inputs_of, learned_card, propose
from models.learning.proposing.refusals import LearningRefused
from models.learning.proposing.rows import Rows
from models.learning.proposing.scores import points_of
from models.screening.rulebook.card import lint, parse
from models.screening.rulebook.in_force import in_force
from registry import evaluations
from registry.versions import digest_of
from tests.proposed import EXPERT, NAMES, document, facts, proposal, rows
from tests.tuned_store import make_store


def test_it_reads_back_without_a_complaint_and_says_how_it_was_learned() -> None:
    found = proposal()
    assert lint(found.text, "proposed.toml") == []
    told = found.card.learned
    assert told is not None and (told.trained_from, told.trained_to) == (
        dt.date(2025, 12, 31),
        dt.date(2026, 3, 31),
    )
    assert told.measures["n_outcomes"] == found.n_learned > 300
    assert all(line.zh and line.en and line.clause for line in found.card.lines)
    assert not found.card.raises, "points on another scale raise nobody"


def test_it_finds_what_was_planted() -> None:
    names = {line.fact for line in proposal().card.lines}
    assert names >= {"days_since_home_visit", "unexcused_absence_days", "carer_capacity"}


def test_more_worry_never_gets_fewer_points_and_not_known_lies_inside() -> None:
    for card in (proposal().card, proposal(is_correction=True).card):
        for line in card.lines:
            assert line.lowest < line.unknown < line.highest
            if line.direction == "rising":
                points = [one.points for one in line.bins]
                assert points == sorted(points)


def test_a_correction_keeps_every_line_of_the_expert_card() -> None:
    found = proposal(is_correction=True)
    assert {line.fact for line in EXPERT.card.lines} <= {line.fact for line in found.card.lines}
    assert found.text != EXPERT.text and lint(found.text, "corrected.toml") == []


def test_it_is_tried_only_on_lists_after_those_it_was_learned_from() -> None:
    told = document()
    assert told["learned_days"] == ["2025-12-31", "2026-03-31"]
    assert (told["evaluation"]["first_day"], told["evaluation"]["last_day"]) == ("2026-06-30", "2026-06-30")


def test_it_stands_beside_the_card_in_force_and_six_baselines() -> None:
    names = [one["name"] for one in document()["evaluation"]["scorers"]]
    assert names == ["card", "champion", "random", "longest_unseen", "village_rate", "four_colour",
                     "rounded_logistic", "boosted_trees"]  # fmt: skip
    by_name = {one.name: one for one in proposal().judged.evaluation.scorers}
    areas = {name: one.three_ways.by("naive").area_under.value or 0 for name, one in by_name.items()}
    assert areas["card"] > areas["champion"] > areas["random"] == 0.5
    assert by_name["card"].prices[0].other == "boosted_trees"
    assert by_name["card"].probable is not None and by_name["card"].probable.curve


def test_the_swap_set_adds_up_and_holds_nobody_who_stays() -> None:
    found = proposal().judged.swap
    assert found.stay + len(found.entering) == found.capacity == found.stay + len(found.leaving)
    assert not set(found.entering) & set(found.leaving)
    for kind in ("sex", "township"):
        own = [one for one in found.groups if one.kind == kind]
        assert sum(one.enter for one in own) == len(found.entering)
        assert sum(one.leave for one in own) == len(found.leaving)


def test_what_is_kept_holds_no_child() -> None:
    kept = json.dumps(document())
    assert not any(child in kept for child in set(rows().cases["child_id"]))


def test_equally_good_cards_and_ties_are_counted() -> None:
    found = proposal().stability
    assert found.n_cards >= 1 and found.n_refits == 2 and found.flips == 0
    assert found.n_tied >= found.n_tied_on >= 1
    assert 0 < (found.overlap or 0) <= 1


def test_the_gap_to_itself_is_nothing() -> None:
    learn, test = split(rows())
    found = judge(learn, test, facts(), EXPERT.card, EXPERT.card, "serious", 75)
    assert (found.beside.recall.value, len(found.swap.entering)) == (0, 0)


def refused(given: Rows) -> str:
    with pytest.raises(LearningRefused) as told:
        propose(given, facts(), EXPERT, EXPERT, Wanted())
    assert len({one.sentence(lang) for one in told.value.refusals for lang in ("zh", "en")}) == 2
    return told.value.refusals[0].sentence("en")


def test_too_few_outcomes_are_refused_with_how_many_there_are_and_are_needed() -> None:
    assert refused(made_up_rows(facts(), n=60)) .startswith(
        "expected at least 200 outcomes of visits, 40 of them with something found, found "
    )  # fmt: skip


def test_one_day_alone_is_refused() -> None:
    assert "two quarter ends" in refused(rows().of([dt.date(2026, 6, 30)]))


def test_a_planted_leak_stops_the_proposal() -> None:
    given = rows()
    outcome = given.outcome()
    leaked = given.matrix.frame.with_columns(carer_changed=outcome)
    told = refused(given._replace(matrix=given.matrix._replace(frame=leaked)))
    assert "'carer_changed'" in told and "only after the visit" in told


def test_the_card_of_another_hand_scores_as_the_lists_do() -> None:
    kinds = {"carer_changed": pl.Boolean, "carer_capacity": pl.String}
    frame = pl.DataFrame(
        {name: [None] * 4 for name in NAMES}, {name: kinds.get(name, pl.Float64) for name in NAMES}
    )
    frame = frame.with_columns(days_since_home_visit=pl.Series([None, 29.0, 30.0, 180.0]))
    rest = sum(line.unknown for line in EXPERT.card.lines) - 3
    assert points_of(EXPERT.card, frame).tolist() == [rest + 3, rest, rest + 1, rest + 5]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store with a published list, whose past is made up."""
    monkeypatch.setattr(offering, "gathered", lambda *_: rows())
    return make_store(tmp_path)


def call(place: Path, *arguments: object) -> Result:
    return CliRunner().invoke(app, [*map(str, arguments), "--store", str(place), "--lang", "en"])


SPAN = ("--from", "2025-10-01", "--to", "2026-09-30")


def test_from_learning_to_publishing_takes_two_people_and_an_evaluation(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(offering, "propose", lambda *_: proposal())
    monkeypatch.setattr(offering, "candidates", lambda *_: facts())
    file = tmp_path / "proposed.toml"
    done = call(place, "learn", *SPAN, "--out", file)
    assert done.exit_code == 0, done.stderr
    assert "The card in force: of the serious cases on the list" in done.stderr
    assert in_force(place)["visit"].card_number == 1, "nothing learned goes live by itself"
    assert evaluations.latest(place, "visit_card", digest_of(proposal().text)) is not None

    edited = file.read_text("utf-8").replace('author = "shouhu learn"', 'author = "李娜"')
    file.write_text(edited, "utf-8")
    saved = call(place, "cards", "save", file, "--author", "li.na", "--reason", "由走访结果提出")
    assert saved.exit_code == 0, saved.stderr
    early = call(place, "cards", "publish", "visit_card", 2, "--by", "wang.fang", "--reason", "复核无误")
    assert (early.exit_code, "tried on later lists" in early.stderr) == (2, True), (
        "what was edited was not yet tried"
    )

    tried = call(place, "cards", "evaluate", "visit_card", 2, *SPAN, "--capacity", 75, "--json")
    assert tried.exit_code == 0, tried.stderr
    assert (
        len(json.loads(tried.stdout)["swap"]["entering"])
        == json.loads(tried.stdout)["report"]["swap"]["entering"]
    )
    own = call(place, "cards", "publish", "visit_card", 2, "--by", "li.na", "--reason", "好")
    assert own.exit_code == 2
    outcome = call(place, "cards", "publish", "visit_card", 2, "--by", "wang.fang", "--reason", "复核无误")
    beside = json.loads(tried.stdout)["report"]["beside"]
    may = beside["recall"]["low"] >= -0.05 and all(one["gap"]["value"] >= -0.1 for one in beside["groups"])
    assert (outcome.exit_code == 0) == may, outcome.stderr
    assert in_force(place)["visit"].card_number == (2 if may else 1)


def test_a_forbidden_fact_ends_with_1_and_the_reason(place: Path) -> None:
    done = call(place, "learn", *SPAN, "--facts", "sex,days_since_contact", "--json")
    assert done.exit_code == 1
    (told,) = json.loads(done.stdout)["refused"]
    assert (told["fact"], "sex is not scored" in told["text"]) == ("sex", True)


@pytest.mark.parametrize("wrong", [("--target", "planet"), ("--outcome", "nice"), ("--to", "2025-01-01")])
def test_a_wrong_call_ends_with_2(place: Path, wrong: tuple[str, str]) -> None:
    arguments = dict(zip(SPAN[::2], SPAN[1::2], strict=True)) | {wrong[0]: wrong[1]}
    assert call(place, "learn", *(part for pair in arguments.items() for part in pair)).exit_code == 2


def test_a_learned_card_is_never_judged_by_the_days_it_was_learned_from() -> None:
    card = parse(proposal().text, "own.toml").card
    learn, test = split(rows(), card)
    assert max(learn.cases["as_of"]) <= card.learned.trained_to < min(test.cases["as_of"])  # type: ignore[union-attr]
    with pytest.raises(LearningRefused, match="learned from"):
        split(rows().of([dt.date(2025, 12, 31), dt.date(2026, 3, 31)]), card)


def test_the_same_rows_give_the_same_card() -> None:
    wanted = Wanted(4, capacity=75, refits=0)
    learn, _ = split(rows())
    few = candidates(EXPERT.card, NAMES[:4])
    cards = {offering_text(learn, few, wanted) for _ in range(2)}
    assert len(cards) == 1


def offering_text(learn: Rows, few: tuple[Candidate, ...], wanted: Wanted) -> str:
    _, text = learned_card(inputs_of(learn, few, EXPERT, wanted), learn, EXPERT, wanted)
    return text
