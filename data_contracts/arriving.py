"""The files that an intake is asked to take: which of them count, what they are called, which can be loaded."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path


def files_in(paths: Sequence[Path]) -> list[tuple[str, Path]]:
    """(name relative to what was asked for, path) of every file, hidden ones and office lock files left out.

    A name that is no UTF-8, as archives of Chinese systems leave it, is read as GB18030.
    """
    found: list[tuple[str, Path]] = []
    for path in paths:
        if path.is_dir():
            inside = (p for p in sorted(path.rglob("*")) if p.is_file())
            found += [(_shown(p.relative_to(path)), p) for p in inside if not p.name.startswith((".", "~$"))]
        else:
            found.append((_shown(Path(path.name)), path))
    return found


def _shown(path: Path) -> str:
    name = os.fsencode(path)
    try:
        return name.decode()
    except UnicodeDecodeError:
        return name.decode("gb18030", "replace")


def sha256_of(path: Path) -> str:
    """The fingerprint of a file that is too large to be loaded, read piece by piece."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
