"""The only module that imports DuckDB."""

from types import ModuleType

import duckdb


def dbapi() -> ModuleType:
    """DuckDB's Python module, which follows DB-API 2.0 (PEP 249)."""
    return duckdb
