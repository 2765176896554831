"""A streaming look at a zip archive before any reader opens it.

The spreadsheet readers trust what an archive declares about itself; this look counts what really comes out.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath

from registry.reading import Limits, Unreadable

MAX_MEMBERS = 10_000
# Deflate cannot exceed about 1 : 1032. Real sheets, even a million blank formatted rows, stay below 1 : 100.
MAX_RATIO = 200
RATIO_MATTERS_FROM_BYTES = 8 * 1024**2
CHUNK_BYTES = 256 * 1024
LOCAL_HEADER_BYTES = 30
ENCRYPTED_FLAG = 0x1


class Archive:
    """The members of an archive that passed `inspect`, unpacked a piece at a time."""

    def __init__(self, content: bytes, members: dict[str, zipfile.ZipInfo]) -> None:
        self.content = content
        self.members = members

    def pieces(self, name: str) -> Iterator[bytes]:
        """Unpack one member in pieces, stopping with `damaged` as soon as it differs from its declaration.

        Python's own `ZipExtFile` stops silently at the declared size, other readers go on to the real end:
        a member could look small here and be large there. So the stream is inflated to its end by hand.
        """
        member = self.members[name]
        size = checksum = 0
        for piece in _inflate(self.content, member):
            size += len(piece)
            checksum = zlib.crc32(piece, checksum)
            if size > member.file_size:
                raise Unreadable("damaged", "the declared size of each member", "a larger member")
            yield piece
        if size != member.file_size or checksum != member.CRC:
            raise Unreadable("damaged", "the declared size and checksum of each member", "a different member")

    def read(self, name: str) -> bytes:
        """Unpack one member whole."""
        return b"".join(self.pieces(name))


def inspect(content: bytes, limits: Limits) -> Archive:
    """Open an archive whose directory is consistent and whose declared size is bearable.

    Member names are compared as the readers do it: any slash, any case. Sizes are still declarations;
    `measure` or `Archive.pieces` checks them.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as opened:
            entries = opened.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise Unreadable("damaged", "a complete zip archive", type(error).__name__) from None
    if len(entries) > MAX_MEMBERS:
        raise Unreadable("zip_bomb", f"at most {MAX_MEMBERS} members", f"{len(entries)} members")
    members: dict[str, zipfile.ZipInfo] = {}
    for entry in entries:
        name = _member_name(entry)
        if name in members:
            raise Unreadable("ambiguous_archive", "one member of each name", "two members of one name")
        members[name] = entry
        _check_entry(entry)
    _check_sizes(content, list(members.values()), limits)
    return Archive(content, members)


def measure(archive: Archive, besides: set[str]) -> None:
    """Unpack every member not yet unpacked, keeping nothing, so that declared sizes are proven true."""
    for name in archive.members:
        if name not in besides:
            for _ in archive.pieces(name):
                pass


def _member_name(entry: zipfile.ZipInfo) -> str:
    # orig_filename: ZipInfo.filename is cut at a NUL, which would hide a second name behind the first.
    name = entry.orig_filename.replace("\\", "/").lower()
    path = PurePosixPath(name)
    if "\x00" in name or path.is_absolute() or ".." in path.parts or ":" in name:
        raise Unreadable("ambiguous_archive", "relative member names", "a path that leaves the archive")
    return name


def _check_entry(entry: zipfile.ZipInfo) -> None:
    if entry.flag_bits & ENCRYPTED_FLAG:
        raise Unreadable("encrypted", "a file without a password", "an encrypted archive member")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Unreadable("damaged", "stored or deflated members", f"compression {entry.compress_type}")


def _check_sizes(content: bytes, entries: list[zipfile.ZipInfo], limits: Limits) -> None:
    packed = sum(entry.compress_size for entry in entries)
    if packed > len(content):
        raise Unreadable("ambiguous_archive", "members that lie side by side", "overlapping members")
    for entry in entries:
        ratio = entry.file_size // max(entry.compress_size, 1)
        if entry.file_size >= RATIO_MATTERS_FROM_BYTES and ratio > MAX_RATIO:
            raise Unreadable("zip_bomb", f"compression up to 1 : {MAX_RATIO}", f"1 : {ratio}")
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > limits.unpacked_bytes:
        code = "zip_bomb" if unpacked > MAX_RATIO * len(content) else "too_large"
        raise Unreadable(code, f"at most {limits.unpacked_bytes} bytes unpacked", f"{unpacked} bytes")


def _inflate(content: bytes, member: zipfile.ZipInfo) -> Iterator[bytes]:
    packed = _packed_bytes(content, member)
    if member.compress_type == zipfile.ZIP_STORED:
        for start in range(0, len(packed), CHUNK_BYTES):
            yield bytes(packed[start : start + CHUNK_BYTES])
        return
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    position = 0
    pending = b""
    try:
        while not inflater.eof:
            if not pending:
                pending = bytes(packed[position : position + CHUNK_BYTES])
                position += len(pending)
            piece = inflater.decompress(pending, CHUNK_BYTES)
            if not piece and not pending and not inflater.eof:
                raise Unreadable("damaged", "a complete archive member", "a member that is cut off")
            pending = inflater.unconsumed_tail
            if piece:
                yield piece
    except zlib.error:
        raise Unreadable("damaged", "a deflated archive member", "broken compression") from None


def _packed_bytes(content: bytes, member: zipfile.ZipInfo) -> memoryview:
    # Name and extra field are repeated in the local header, where their lengths may differ.
    start = member.header_offset
    header = content[start : start + LOCAL_HEADER_BYTES]
    if len(header) < LOCAL_HEADER_BYTES or not header.startswith(b"PK\x03\x04"):
        raise Unreadable("damaged", "a complete zip archive", "a member without its header")
    begin = start + LOCAL_HEADER_BYTES + int.from_bytes(header[26:28], "little")
    begin += int.from_bytes(header[28:30], "little")
    end = begin + member.compress_size
    if end > len(content):
        raise Unreadable("damaged", "a complete archive member", "a member that is cut off")
    return memoryview(content)[begin:end]
