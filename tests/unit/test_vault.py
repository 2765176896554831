"""Names apart from facts: references under a key, bytes encrypted."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from registry.vault import KeyProblem, Vault, load_key


def test_a_reference_is_the_same_for_the_same_person_and_differs_under_another_key() -> None:
    here, there = Vault(b"a" * 32), Vault(b"b" * 32)
    assert here.reference("child", "id", "539902202103054722") == here.reference(
        "child", "id", "539902202103054722"
    )
    assert here.reference("child", "id", "539902202103054722") != there.reference(
        "child", "id", "539902202103054722"
    )


def test_a_reference_is_no_plain_hash_that_could_be_searched() -> None:
    number = "539902202103054722"
    plain = {hashlib.new(name, number.encode()).hexdigest() for name in ("md5", "sha1", "sha256")}
    reference = Vault(b"a" * 32).reference("child", "id", number)[1:]
    assert not any(digest.startswith(reference) for digest in plain)


def test_sealed_text_opens_only_with_its_own_key() -> None:
    sealed = Vault(b"a" * 32).seal("王梓")
    assert sealed is not None and "王梓" not in sealed
    assert Vault(b"a" * 32).open(sealed) == "王梓"
    with pytest.raises(KeyProblem):
        Vault(b"b" * 32).open(sealed)


def test_a_key_is_made_once_readable_by_its_owner_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SHOUHU_KEY", raising=False)
    file = tmp_path / "configuration" / "key"
    first, made = load_key(file, create=True)
    again, made_again = load_key(file, create=True)
    assert (made, made_again) == (True, False)
    assert first.fingerprint == again.fingerprint
    assert file.stat().st_mode & 0o077 == 0


def test_a_missing_key_is_said_and_not_made_in_silence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SHOUHU_KEY", raising=False)
    with pytest.raises(KeyProblem, match="found no file"):
        load_key(tmp_path / "key")


def test_a_new_key_is_written_whole_and_leaves_nothing_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SHOUHU_KEY", raising=False)
    key_file = tmp_path / "folder" / "key"
    made, is_new = load_key(key_file, create=True)
    assert is_new and [path.name for path in key_file.parent.iterdir()] == ["key"]
    assert key_file.stat().st_mode & 0o077 == 0
    again, is_new = load_key(key_file, create=True)
    assert (again.fingerprint, is_new) == (made.fingerprint, False)
