"""Where the store and its key lie; built only in the command line, the app and tests."""

from __future__ import annotations

import os
from pathlib import Path

from pydantic import BaseModel, ConfigDict


def default_store() -> Path:
    """`SHOUHU_STORE`, else `./store`."""
    return Path(os.environ.get("SHOUHU_STORE") or "store")


def default_key_file() -> Path:
    """`SHOUHU_KEY_FILE`, else `shouhu/key` in the user's configuration folder: outside every store."""
    named = os.environ.get("SHOUHU_KEY_FILE")
    if named:
        return Path(named)
    configuration = os.environ.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")
    return Path(configuration) / "shouhu" / "key"


class Settings(BaseModel):
    """The store's folder, the key file and the language of messages (`zh` or `en`)."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    store: Path
    key_file: Path
    lang: str = "zh"

    @classmethod
    def from_environment(cls, store: Path | None = None, lang: str = "zh") -> Settings:
        """Settings from the arguments of a command and the environment."""
        return cls(store=store or default_store(), key_file=default_key_file(), lang=lang)

    @property
    def registry_path(self) -> Path:
        """The database of accepted rows."""
        return self.store / "registry.duckdb"

    @property
    def originals(self) -> Path:
        """The folder of the deliveries' original bytes, encrypted, named by sha256."""
        return self.store / "originals"

    @property
    def mappings(self) -> Path:
        """The folder of what officers said, or are asked, about headings that no list foresees."""
        return self.store / "mappings"

    @property
    def snapshots(self) -> Path:
        """The folder of published builds."""
        return self.store / "snapshots"
