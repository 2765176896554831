"""A signed-in reader for page tests, put in where the gate's answer is read: no browser reaches this seam."""

from collections.abc import Callable
from pathlib import Path

import pytest

import dashboard.session
from dashboard.access import Reader, Role, reader_for


@pytest.fixture
def sign_in_as(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[Role], Reader]:
    monkeypatch.setenv(dashboard.session.STORE_VARIABLE, str(tmp_path))
    monkeypatch.delenv(dashboard.session.LANGUAGE_VARIABLE, raising=False)

    def sign_in(role: Role, areas: tuple[str, ...] = ("530902",)) -> Reader:
        reader = reader_for("test.user", role, areas)
        monkeypatch.setattr(dashboard.session, "provider", lambda: reader)
        return reader

    return sign_in
