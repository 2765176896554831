"""What the classifier is given, read into columns: numbers, flags, codes; what is missing stays missing.

Arrays hold numbers only.  Frames (polars or pandas) may also hold true and false, and codes as text.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

import numpy as np
from sklearn.utils.validation import validate_data

Kind = Literal["number", "flag", "code"]


class Column(NamedTuple):
    """One fact of every row: floats with NaN for missing, or codes as text with None for missing."""

    name: str
    kind: Kind
    values: np.ndarray


def is_frame(given: Any) -> bool:
    """Whether it has named columns of their own kinds (polars or pandas)."""
    return hasattr(given, "columns") and hasattr(given, "dtypes")


def columns_of_frame(frame: Any) -> list[Column]:
    """The columns of a frame; TypeError for a column that holds neither numbers, truth values nor text."""
    return [_column(str(name), frame[name]) for name in frame.columns]


def columns_of_array(numbers: np.ndarray, names: Sequence[str]) -> list[Column]:
    """The columns of an array of numbers."""
    return [Column(name, "number", numbers[:, at]) for at, name in enumerate(names)]


def _column(name: str, series: Any) -> Column:
    values = np.asarray(series.to_numpy())
    if values.dtype.kind == "b":
        return Column(name, "flag", values.astype(float))
    if values.dtype.kind in "iuf":
        numbers = values.astype(float)
        if np.isinf(numbers).any():
            raise ValueError(f"column {name!r}: expected finite numbers, found infinity")
        return Column(name, "number", numbers)
    return _column_of_objects(name, [None if _is_missing(one) else one for one in series.to_list()])


def _column_of_objects(name: str, values: list[Any]) -> Column:
    known = [one for one in values if one is not None]
    if all(isinstance(one, bool | np.bool_) for one in known) and known:
        return Column(name, "flag", np.array([np.nan if one is None else float(one) for one in values]))
    if all(isinstance(one, str) for one in known):
        return Column(name, "code", np.array(values, dtype=object))
    if all(isinstance(one, int | float | np.number) for one in known):
        return Column(name, "number", np.array([np.nan if one is None else float(one) for one in values]))
    strange = next(type(one).__name__ for one in known if not isinstance(one, str))
    raise TypeError(f"column {name!r}: expected numbers, true/false or codes as text, found {strange}")


def _is_missing(value: Any) -> bool:
    return (
        value is None
        or type(value).__name__ in ("NAType", "NaTType")
        or (isinstance(value, float) and value != value)
    )


def missing(column: Column) -> np.ndarray:
    """Which rows have no answer."""
    if column.kind == "code":
        return np.array([one is None for one in column.values], dtype=bool)
    return np.isnan(column.values)


def codes_of(column: Column) -> tuple[str, ...]:
    """The codes that occur in a column of codes, in order."""
    return tuple(sorted({one for one in column.values if one is not None})) if column.kind == "code" else ()


def columns_of(estimator: Any, given: Any) -> list[Column]:
    """The columns of X at fitting; sets `n_features_in_` and `feature_names_in_` of the estimator."""
    return _columns(estimator, given, reset=True)


def columns_like(estimator: Any, given: Any, fitted: Sequence[Column]) -> list[Column]:
    """The columns of X, each of the kind that it had at fitting; TypeError where it can't be."""
    found = _columns(estimator, given, reset=False)
    return [_of_kind(one, like) for one, like in zip(found, fitted, strict=True)]


def _columns(estimator: Any, given: Any, reset: bool) -> list[Column]:
    if is_frame(given):
        validate_data(estimator, given, reset=reset, skip_check_array=True)
        columns = columns_of_frame(given)
        if not columns or not len(columns[0].values):
            shape = (len(columns[0].values) if columns else len(given), len(columns))
            raise ValueError(
                f"Found array with 0 sample(s) or 0 feature(s) (shape={shape}) while a minimum of 1 is required."
            )
        return columns
    small = getattr(given, "dtype", None) in (np.bool_, np.int8, np.uint8)  # not made eight times as large
    kind = None if small else np.float64
    numbers = validate_data(estimator, given, reset=reset, dtype=kind, ensure_all_finite="allow-nan")
    return columns_of_array(numbers, [str(at) for at in range(numbers.shape[1])])


def _of_kind(column: Column, like: Column) -> Column:
    if column.kind == like.kind:
        return column
    if "code" not in (column.kind, like.kind):
        return column._replace(kind=like.kind)
    if bool(missing(column).all()):
        empty = np.full(len(column.values), None if like.kind == "code" else np.nan)
        return Column(column.name, like.kind, empty)
    raise TypeError(f"column {column.name!r}: expected a {like.kind} as at fitting, found a {column.kind}")
