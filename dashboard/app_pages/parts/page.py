"""An entry of the register of pages."""

from __future__ import annotations

from typing import NamedTuple

from dashboard.access import Permission


class Page(NamedTuple):
    """One page: its file, the keys of its title and section, the right it needs (None: everyone's)."""

    file: str
    title: str
    section: str
    permission: Permission | None

    @property
    def path(self) -> str:
        """The page's address."""
        return self.file.removesuffix(".py")
