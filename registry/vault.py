"""The one key of an installation: keyed references for people, encryption of names and originals.

An unkeyed hash of one district's identity numbers is searched in seconds, so references are HMACs under a key
that never lies in the store.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
NONCE_BYTES = 12
REFERENCE_HEX = 20
MARK_BYTES = 8


class KeyProblem(RuntimeError):
    """The key is missing, unreadable or not the one that this store was made with."""


def _derive(key: bytes, purpose: str) -> bytes:
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=purpose.encode()).derive(key)


class Vault:
    """References and encryption under one 32-byte key."""

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise KeyProblem(f"key: expected {KEY_BYTES} bytes, found {len(key)}")
        self._references = _derive(key, "shouhu references")
        self._cipher = AESGCM(_derive(key, "shouhu encryption"))
        self._marks = _derive(key, "shouhu text marks")

    def reference(self, kind: str, *parts: str) -> str:
        """A keyed pseudonym: same parts, same reference; `kind` keeps children, adults and workers apart."""
        text = "\x1f".join((kind, *parts))
        digest = hmac.new(self._references, text.encode(), hashlib.sha256).hexdigest()
        return kind[0] + digest[:REFERENCE_HEX]

    def mark(self, text: str) -> int:
        """A keyed 64-bit number for a piece of text: nobody without the key can tell which piece it was."""
        digest = hashlib.blake2b(text.encode(), digest_size=MARK_BYTES, key=self._marks).digest()
        return int.from_bytes(digest, "big")

    def seal_bytes(self, content: bytes) -> bytes:
        """Nonce and AES-GCM ciphertext."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, content, None)

    def open_bytes(self, sealed: bytes) -> bytes:
        """The content; KeyProblem where key or bytes are not the right ones."""
        try:
            return self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], None)
        except Exception as problem:
            raise KeyProblem("encrypted bytes: expected the store's own key and whole bytes") from problem

    def seal(self, text: str | None) -> str | None:
        """Text encrypted, as hexadecimal; None stays None."""
        return None if text is None else self.seal_bytes(text.encode()).hex()

    def open(self, sealed: str | None) -> str | None:
        """The text behind `seal`; None stays None."""
        return None if sealed is None else self.open_bytes(bytes.fromhex(sealed)).decode()

    @property
    def fingerprint(self) -> str:
        """Tells two keys apart without telling the key."""
        return self.reference("key", "fingerprint")[1:13]


def _make_key(key_file: Path) -> None:
    """Write a new key whole or not at all: half of a key would shut its store for good."""
    key_file.parent.mkdir(parents=True, exist_ok=True)
    beside = key_file.with_name(f".{key_file.name}.{os.getpid()}")
    beside.unlink(missing_ok=True)
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_hex(KEY_BYTES) + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(
            beside, key_file
        )  # unlike a renaming, this never replaces a key that another process has just made
    except FileExistsError:
        pass
    finally:
        beside.unlink()


def load_key(key_file: Path, create: bool = False) -> tuple[Vault, bool]:
    """(vault, made): from `SHOUHU_KEY` (64 hex digits) or the key file; `create` makes the file where missing."""
    text = os.environ.get("SHOUHU_KEY", "").strip()
    made = False
    if not text:
        if not key_file.exists():
            if not create:
                raise KeyProblem(f"key file {key_file}: expected the key of this store, found no file")
            _make_key(key_file)
            made = True
        text = key_file.read_text("ascii").strip()
    try:
        return Vault(bytes.fromhex(text)), made
    except ValueError as problem:
        raise KeyProblem(f"key: expected {2 * KEY_BYTES} hexadecimal digits") from problem
