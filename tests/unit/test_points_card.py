"""The points card: what it promises scikit-learn, its caller, and whoever prints it."""

from __future__ import annotations

import os
import pickle

import numpy as np
import pandas as pd
import polars as pl
import pytest
from sklearn.base import clone
from sklearn.model_selection import cross_val_predict
from sklearn.utils.estimator_checks import parametrize_with_checks

from benchmarks.cards_brute_force import compared
from models.learning import PointsCardClassifier
from models.learning.points_card.printing import LearnedBin, LearnedLine

N = 1500


@parametrize_with_checks([PointsCardClassifier(), PointsCardClassifier(n_lines="max", unknown="inside")])
def test_it_is_a_scikit_learn_classifier(estimator, check):
    check(estimator)


@pytest.fixture(scope="module")
def children() -> tuple[pd.DataFrame, np.ndarray]:
    """Facts with gaps, and who was found in trouble: old carers, no capacity, long unseen."""
    random = np.random.default_rng(0)
    age = random.integers(40, 90, N).astype(float)
    age[random.random(N) < 0.1] = np.nan
    capacity = random.choice(np.array(["yes", "unclear", "no", None], object), N, p=[0.6, 0.15, 0.15, 0.1])
    facts = {
        "carer_age": age,
        "carer_capacity": capacity,
        "carer_changed": random.random(N) < 0.3,
        "days_since_visit": random.exponential(60, N).round(),
        "siblings": random.integers(0, 4, N),
    }
    worry = 1.2 * (np.nan_to_num(age, nan=60) >= 70) + 1.1 * (capacity == "no") - 2.2
    worry = worry + 0.8 * facts["carer_changed"] + 0.01 * np.minimum(facts["days_since_visit"], 200)
    return pd.DataFrame(facts), np.where(random.random(N) < 1 / (1 + np.exp(-worry)), "trouble", "none")


@pytest.fixture(scope="module")
def fitted(children) -> PointsCardClassifier:
    return PointsCardClassifier(10, n_lines="max", random_state=0).fit(*children)


def scored_by_print(lines: tuple[LearnedLine, ...], row: dict[str, object]) -> int:
    """The points of one child, read off the printed card."""
    total = 0
    for line in lines:
        value = row[line.fact]
        blank = value is None or value != value
        total += line.unknown if blank else sum(one.points for one in line.bins if holds(one, value))
    return total


def holds(one: LearnedBin, value: object) -> bool:
    if one.codes is not None:
        return value in one.codes
    if one.is_ is not None:
        return bool(value) == one.is_
    return (one.from_ is None or value >= one.from_) and (one.below is None or value < one.below)


@pytest.mark.parametrize("unknown", ["own", "inside"])
def test_the_printed_card_gives_every_child_the_same_points(children, unknown):
    facts, found = children
    card = PointsCardClassifier(8, n_lines="max", unknown=unknown, random_state=0).fit(facts, found)
    lines = card.card_lines()
    assert [scored_by_print(lines, row) for row in facts.to_dict("records")] == card.points(facts).tolist()


def test_no_card_has_more_lines_or_points_than_asked(children):
    card = PointsCardClassifier(4, 2, n_lines="max").fit(*children)
    for one in card.pool_:
        assert 0 < len(one.lines) <= 4
        assert all(0 < abs(line.points) <= 2 for line in one.lines)


def test_inside_puts_not_known_between_the_fewest_and_the_most_points(children):
    card = PointsCardClassifier(8, unknown="inside", random_state=0).fit(*children)
    assert card.card_lines()
    for line in card.card_lines():
        points = [one.points for one in line.bins]
        assert min(points) < line.unknown < max(points)


def test_a_missing_answer_may_be_a_line_of_its_own():
    random = np.random.default_rng(1)
    values = random.random(N)
    blank = random.random(N) < 0.3
    values[blank] = np.nan
    found = random.random(N) < np.where(blank, 0.6, 0.1)
    card = PointsCardClassifier(1, n_lines="max").fit(values[:, None], found)
    assert [(line.how, line.points > 0) for line in card.lines_] == [("unknown", True)]


@pytest.mark.parametrize("way", ["rising", "falling"])
def test_a_monotone_fact_goes_one_way(children, way):
    facts, found = children
    monotone = {"days_since_visit": way, "carer_age": way, "siblings": way}
    card = PointsCardClassifier(10, n_lines="max", monotone=monotone).fit(facts, found)
    for line in card.card_lines():
        if line.fact in monotone:
            points = [one.points for one in line.bins]
            assert points == sorted(points, reverse=way == "falling")


def test_points_of_a_fact_keep_their_sign(children):
    facts, found = children
    for sign in (1, -1):
        card = PointsCardClassifier(10, n_lines="max", signs={"carer_age": sign}).fit(facts, found)
        points = [line.points for line in card.lines_ if line.fact == "carer_age"]
        assert points and all(one * sign > 0 for one in points)


def test_a_group_has_one_line_at_most(children):
    facts, found = children
    group = ("carer_age", "carer_capacity", "days_since_visit")
    card = PointsCardClassifier(10, n_lines="max", groups=[group]).fit(facts, found)
    assert all(sum(line.fact in group for line in one.lines) <= 1 for one in card.pool_)
    assert sum(line.fact in group for line in card.lines_) == 1


def test_a_fact_that_must_be_there_is(children, fitted):
    facts, found = children
    small = PointsCardClassifier(2, n_lines="max").fit(facts, found)
    assert "siblings" not in {line.fact for line in small.lines_}
    small = PointsCardClassifier(2, n_lines="max", must_include=["siblings"]).fit(facts, found)
    assert all("siblings" in {line.fact for line in one.lines} for one in small.pool_)


def test_a_forbidden_fact_is_refused_with_its_reason(children):
    facts, found = children
    card = PointsCardClassifier(forbidden={"siblings": "nobody chooses them", "sex": "protected"})
    with pytest.raises(ValueError, match=r"'siblings'.*nobody chooses them"):
        card.fit(facts, found)
    assert card.fit(facts.drop(columns="siblings"), found).lines_


def test_a_correction_starts_from_the_points_of_the_card_in_force(children):
    facts, found = children
    points = 3 * (facts["carer_capacity"] == "no").astype(int) + 2 * facts["carer_changed"].astype(int)
    with_card = facts.assign(points=points)
    alone = PointsCardClassifier(4, n_lines="max", offset_card="points", random_state=0).fit(with_card, found)
    assert {line.fact for line in alone.lines_} <= {
        "carer_age",
        "days_since_visit",
        "siblings",
        "carer_capacity",
    }
    learned = sum(
        line.points * (with_card[line.fact] >= line.at).to_numpy()
        for line in alone.lines_
        if line.how == "from"
    )
    if all(line.how == "from" for line in alone.lines_):
        assert (alone.points(with_card) == points.to_numpy() + learned).all()
    moved = with_card.assign(points=points + 1)
    assert (alone.points(moved) == alone.points(with_card) + 1).all()
    assert alone.multiplier_ > 0
    cross_val_predict(clone(alone), with_card, found, cv=3)


def test_points_of_the_card_in_force_must_be_whole(children):
    facts, found = children
    with pytest.raises(ValueError, match=r"offset_card.*whole points"):
        PointsCardClassifier(offset_card="half").fit(facts.assign(half=0.5), found)


def test_polars_and_pandas_give_the_same_card(children, fitted):
    facts, found = children
    columns = {name: [None if one != one else one for one in facts[name].tolist()] for name in facts}
    other = PointsCardClassifier(10, n_lines="max", random_state=0).fit(pl.DataFrame(columns), found)
    assert other.card_lines() == fitted.card_lines()
    assert (other.points(pl.DataFrame(columns)) == fitted.points(facts)).all()


def test_whole_weights_count_as_rows(children):
    facts, found = children
    weight = np.random.default_rng(2).integers(0, 3, N)
    rows = np.repeat(np.arange(N), weight)
    one = PointsCardClassifier(6, random_state=0).fit(facts, found, sample_weight=weight)
    other = PointsCardClassifier(6, random_state=0).fit(facts.iloc[rows].reset_index(drop=True), found[rows])
    assert one.lines_ == other.lines_
    assert one.multiplier_ == pytest.approx(other.multiplier_)


def test_the_pool_is_within_its_tolerance_and_agreement_counts_it(children, fitted):
    facts, _ = children
    losses = [one.loss for one in fitted.pool_]
    assert max(losses) <= min(losses) * 1.01 + 1e-9
    agreed = fitted.agreement(facts)
    assert agreed.sum() == len(fitted.pool_) * round(0.1 * N)
    assert agreed.min() >= 0 and agreed.max() == len(fitted.pool_)
    assert len({frozenset(one.lines) for one in fitted.pool_}) == len(fitted.pool_)


def test_fewer_lines_are_chosen_where_more_say_nothing():
    random = np.random.default_rng(3)
    columns = (random.random((800, 15)) < 0.5).astype(float)
    found = random.random(800) < np.where(columns[:, 4] == 1, 0.7, 0.2)
    card = PointsCardClassifier(10, random_state=0).fit(columns, found)
    assert [line.fact for line in card.lines_] == ["4"]
    assert card.n_lines_ == 1


def test_probabilities_are_those_of_the_points(children, fitted):
    facts, _ = children
    logits = fitted.intercept_ + fitted.multiplier_ * fitted.points(facts)
    assert fitted.predict_proba(facts)[:, 1] == pytest.approx(1 / (1 + np.exp(-logits)))
    assert fitted.classes_.tolist() == ["none", "trouble"]


def test_a_fitted_card_can_be_kept(children, fitted):
    facts, _ = children
    assert (pickle.loads(pickle.dumps(fitted)).points(facts) == fitted.points(facts)).all()


def test_three_classes_are_refused(children):
    facts, _ = children
    with pytest.raises(ValueError, match="Only binary classification"):
        PointsCardClassifier().fit(facts, np.arange(N) % 3)


def test_a_code_where_a_number_was_is_refused(children, fitted):
    facts, _ = children
    with pytest.raises(TypeError, match=r"'carer_age'.*number"):
        fitted.points(facts.assign(carer_age="old"))


SEEDS = range(100) if os.environ.get("SHOUHU_ALL_SEEDS") else (0, 1, 2, 89)


@pytest.mark.parametrize("seed", SEEDS)
def test_no_card_is_better_than_the_one_found(seed):
    ours, best = compared(seed)
    assert ours == pytest.approx(best, abs=1e-8)
