"""Policy of the sign-in and of what is kept, read strictly from settings.toml."""

from __future__ import annotations

import tomllib
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

SETTINGS_FILE = Path(__file__).with_name("settings.toml")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Amount(_Strict):
    """One number of the policy, with its unit and the reason for it."""

    value: int = Field(ge=1)
    unit: Literal["minutes", "seconds", "attempts", "characters", "passes", "KiB", "lanes", "hashes", "days"]
    reason: str = Field(min_length=1)

    @property
    def span(self) -> timedelta:
        """The amount as a length of time; a ValueError for anything that is none."""
        if self.unit not in ("minutes", "seconds"):
            raise ValueError(f"settings.toml: expected minutes or seconds, found {self.unit}")
        return timedelta(**{self.unit: self.value})


class SignInPolicy(_Strict):
    """How long a sign-in lasts, when guessing is stopped, how passwords are hashed."""

    idle: Amount
    absolute: Amount
    touch: Amount
    recheck: Amount
    watch: Amount
    failures: Amount
    lock: Amount
    forget_failures: Amount
    password_length: Amount
    hash_rounds: Amount
    hash_memory: Amount
    hash_lanes: Amount
    hashes_at_once: Amount

    def with_values(self, **values: int) -> SignInPolicy:
        """The same policy with other numbers, for a bureau's trial or a test."""
        changed = {
            name: getattr(self, name).model_copy(update={"value": value}) for name, value in values.items()
        }
        return self.model_copy(update=changed)


class ServerSettings(_Strict):
    """Under which names the server may be reached."""

    hosts: list[str] = Field(min_length=1)


class DemoSettings(_Strict):
    """What a demo store hands to its invented users."""

    areas: list[str] = Field(min_length=1)


class LooksSettings(_Strict):
    """How long builds as known on a past day are kept beside the published one."""

    kept: Amount


class ReceiptsSettings(_Strict):
    """After how long without a recompute of the receipts the pages say so."""

    again: Amount


class DashboardSettings(_Strict):
    """The whole of settings.toml."""

    sign_in: SignInPolicy
    server: ServerSettings
    demo: DemoSettings
    looks: LooksSettings
    receipts: ReceiptsSettings


@lru_cache(maxsize=4)
def read_settings(file: Path = SETTINGS_FILE) -> DashboardSettings:
    """The settings of a file; an unknown or missing entry is an error that names it."""
    return DashboardSettings.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
