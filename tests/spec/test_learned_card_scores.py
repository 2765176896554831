"""A learned card that was printed and read back scores equally on DuckDB, on Spark, in Python and in the classifier."""

from __future__ import annotations

import datetime as dt
from functools import cache

import numpy as np
import polars as pl
import pytest

from models.engines import DuckDbEngine, Engine, SparkEngine
from models.learning import PointsCardClassifier
from models.learning.proposing.allowed import candidates
from models.learning.proposing.encoding import constraints, decoded, encoded
from models.learning.proposing.made_up import DAYS, made_up_rows
from models.learning.proposing.printing import Origin, printed_card
from models.learning.proposing.scores import points_of
from models.screening.points import points_sql
from models.screening.rulebook.card import Card, ReadCard, cards, parse

EXPERT = cards()["visit_expert_v1"].card
NAMES = ("days_since_home_visit", "unexcused_absence_days", "carer_changed", "carer_capacity")
TYPES = {pl.Float64: "DOUBLE", pl.Boolean: "BOOLEAN", pl.String: "VARCHAR"}


@cache
def learned() -> tuple[Card, pl.DataFrame, np.ndarray]:
    """(the card that was printed and read back, rows of facts, the classifier's points of each)."""
    facts = candidates(EXPERT, NAMES)
    rows = made_up_rows(facts, n=300, days=DAYS[:1], level=-1.5)
    frame, outcome = rows.matrix.features, rows.outcome()
    seen = outcome.is_not_null()
    model = PointsCardClassifier(6, unknown="inside", random_state=0, n_lines="max", **constraints(facts))
    model.fit(encoded(frame.filter(seen), facts), outcome.drop_nulls().to_numpy().astype(int))
    origin = Origin(dt.date(2025, 12, 31), dt.date(2025, 12, 31), 300, "serious", {})
    text = printed_card("visit", decoded(model.card_lines(), facts), EXPERT, DAYS[0], "test", origin)
    read: ReadCard = parse(text, "learned.toml")
    assert read.card.learned is not None and len({line.fact for line in read.card.lines}) >= 3
    return read.card, frame, np.asarray(model.points(encoded(frame, facts)), float)


def test_printed_and_read_back_it_scores_as_the_classifier_does() -> None:
    card, frame, points = learned()
    assert frame.null_count().sum_horizontal()[0] > 30, "missing answers are among the rows"
    assert len(set(points)) > 4
    assert points_of(card, frame).tolist() == points.tolist()


def scored(engine: Engine) -> list[int]:
    card, frame, _ = learned()
    columns = {"child": "BIGINT"} | {
        name: TYPES[type(kind)] for name, kind in zip(frame.columns, frame.dtypes, strict=True)
    }
    engine.create("fact_wide", columns, frame.with_row_index("child").rows())
    total = " + ".join(points_sql(line, line.unknown) for line in card.lines)
    return [
        row["points"]
        for row in engine.rows(f"SELECT w.child, {total} AS points FROM fact_wide AS w ORDER BY w.child")
    ]


def test_on_duckdb(duckdb_engine: DuckDbEngine) -> None:
    card, frame, _ = learned()
    assert scored(duckdb_engine) == points_of(card, frame).astype(int).tolist()


@pytest.mark.spark
def test_on_spark(spark_engine: SparkEngine) -> None:
    card, frame, _ = learned()
    assert scored(spark_engine) == points_of(card, frame).astype(int).tolist()
    spark_engine.drop("fact_wide")
