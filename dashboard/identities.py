"""Names behind pseudonyms: only for the right, only with a reason, and written to the access log first."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from dashboard.access import Permission, Reader, require, require_area
from dashboard.audit import Action, append_within
from dashboard.desk import Desk
from dashboard.snapshot import Snapshot, among
from registry.vault import Vault

SEALED = ("name", "id_no", "id_written", "carer_name", "phone", "address")
OPEN = ("child_id", "birth_date", "sex", "village_code")


class ReasonMissing(ValueError):
    """An identity was asked for without saying why."""


def reveal(
    snapshot: Snapshot,
    reader: Reader,
    desk: Desk,
    vault: Vault,
    children: Sequence[str],
    reason: str,
    table: str = "identity",
) -> pl.DataFrame:
    """The identities of children: child_id and what the build's table holds of name, id_no, phone, address,
    birth_date, sex; `pair_person` has both sides of every pair as the lists name them.

    One row in the access log for each child, all or none, before anything is decrypted. Forbidden without
    the right or for a child outside the reader's areas; ReasonMissing for an empty reason. Never keep the
    result. Source: 未成年人网络保护条例 36.
    """
    require(reader, Permission.VIEW_IDENTITY)
    if not reason.strip():
        raise ReasonMissing("identities: expected a reason in words, found none")
    if not snapshot.has(table):
        return pl.DataFrame(schema={"child_id": pl.String})
    columns = [name for name in (*OPEN, *SEALED) if name in snapshot.columns(table)]
    query = f"SELECT {', '.join(columns)} FROM {table} WHERE {among('child_id', children)} ORDER BY child_id"
    rows = snapshot.frame(query, *children)
    for village in rows["village_code"]:
        require_area(reader, village or "")
    now = desk.clock()
    with desk.writing() as connection:
        for child in rows["child_id"]:
            append_within(connection, reader.user, reader.role, Action.IDENTITY_VIEWED, child, reason, now)
    opened = [
        pl.Series(name, [vault.open(value) for value in rows[name]], pl.String)
        for name in columns
        if name in SEALED
    ]
    return rows.with_columns(opened)
