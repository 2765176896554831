"""Office files as archives: the same parts give the same bytes, whatever the clock says."""

from __future__ import annotations

import io
import zipfile

# The earliest moment that a zip archive can name; it says nothing about when the file was made.
FIXED_MOMENT = (1980, 1, 1, 0, 0, 0)


def without_clock(archive: bytes) -> bytes:
    """The archive with every part's time set to one fixed moment, parts in their order."""
    written = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(archive)) as old,
        zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.infolist():
            entry = zipfile.ZipInfo(part.filename, FIXED_MOMENT)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            new.writestr(entry, old.read(part.filename))
    return written.getvalue()
