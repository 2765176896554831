"""Learned cards: scikit-learn proposes, a person publishes; nothing here goes live by itself.

Importing this package costs nothing: what needs scikit-learn is fetched when it is first named.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from models.learning.points_card.estimator import PointsCardClassifier

__all__ = ["PointsCardClassifier"]


def __getattr__(name: str) -> Any:
    if name == "PointsCardClassifier":
        from models.learning.points_card.estimator import PointsCardClassifier

        return PointsCardClassifier
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
