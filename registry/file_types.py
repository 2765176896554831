"""What a file is, told by its bytes and never by its name."""

from __future__ import annotations

from registry.archive import Archive, inspect
from registry.reading import Limits, Unreadable

ZIP_MAGIC = b"PK\x03\x04"
EMPTY_ZIP_MAGIC = b"PK\x05\x06"
OLE2_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ODS_MIMETYPE = b"application/vnd.oasis.opendocument.spreadsheet"
EXPECTED = "xlsx, xls, ods or csv"
OLE2_ENTRY_BYTES = 128
OLE2_STREAM = 2

# What offices send by mistake, so that the answer can name it.
FOREIGN = (
    (b"%PDF", "pdf"),
    (b"\x89PNG", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF8", "gif"),
    (b"Rar!", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\x1f\x8b", "gzip"),
    (b"{\\rtf", "rtf"),
)
MARKUP = (
    (b"<?xml", "xml"),
    (b"<html", "html"),
    (b"<!doctype", "html"),
    (b"<table", "html"),
    (b"<meta", "html"),
)
# Members (lower case) by which a zip archive shows what it holds, best evidence first.
FOREIGN_MEMBERS = (
    ("xl/workbook.bin", "xlsb"),
    ("word/document.xml", "docx"),
    ("ppt/presentation.xml", "pptx"),
)


def file_type_of(content: bytes, limits: Limits) -> tuple[str, Archive | None]:
    """Say xlsx, xls, ods or csv, with the inspected archive for the first and third.

    Anything that is neither archive, OLE2 nor a known foreign format is taken for csv: whether it is text
    is decided when it is decoded.
    """
    if not content:
        raise Unreadable("empty_file", EXPECTED, "0 bytes")
    if content.startswith((ZIP_MAGIC, EMPTY_ZIP_MAGIC)):
        archive = inspect(content, limits)
        return _archive_type(archive), archive
    if content.startswith(OLE2_MAGIC):
        return _ole2_type(content), None
    _refuse_foreign(content)
    return "csv", None


def _archive_type(archive: Archive) -> str:
    if "xl/workbook.xml" in archive.members:
        return "xlsx"
    if "mimetype" in archive.members and archive.members["mimetype"].file_size < 200:
        if archive.read("mimetype").strip() == ODS_MIMETYPE:
            return "ods"
        raise Unreadable("unknown_type", EXPECTED, "another OpenDocument or zip file")
    for member, found in FOREIGN_MEMBERS:
        if member in archive.members:
            raise Unreadable("unknown_type", EXPECTED, found)
    raise Unreadable("unknown_type", EXPECTED, "zip")


def _ole2_type(content: bytes) -> str:
    if _has_ole2_stream(content, "EncryptedPackage"):
        raise Unreadable("encrypted", "a file without a password", "an encrypted workbook")
    if _has_ole2_stream(content, "Workbook") or _has_ole2_stream(content, "Book"):
        return "xls"
    if _has_ole2_stream(content, "WordDocument"):
        raise Unreadable("unknown_type", EXPECTED, "doc")
    sector_bytes = 1 << min(int.from_bytes(content[30:32], "little"), 16)
    directory = (int.from_bytes(content[48:52], "little") + 1) * sector_bytes
    if directory + sector_bytes > len(content):
        raise Unreadable("damaged", "a complete OLE2 file", "a file that is cut off")
    raise Unreadable("unknown_type", EXPECTED, "an OLE2 file without a workbook")


def _has_ole2_stream(content: bytes, name: str) -> bool:
    # A directory entry is 128 bytes on a 128-byte grid: name in UTF-16 with a final NUL, its length in bytes
    # at 64, its kind at 66. Checking all of that keeps a cell that says "EncryptedPackage" from counting.
    wanted = (name + "\x00").encode("utf-16-le")
    position = content.find(wanted)
    while position >= 0:
        length = int.from_bytes(content[position + 64 : position + 66], "little")
        is_stream = content[position + 66 : position + 67] == bytes([OLE2_STREAM])
        if position % OLE2_ENTRY_BYTES == 0 and length == len(wanted) and is_stream:
            return True
        position = content.find(wanted, position + 1)
    return False


def _refuse_foreign(content: bytes) -> None:
    for magic, found in FOREIGN:
        if content.startswith(magic):
            raise Unreadable("unknown_type", EXPECTED, found)
    start = content[:64].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    for tag, found in MARKUP:
        if start.startswith(tag):
            raise Unreadable("unknown_type", EXPECTED, f"{found} under the name of a workbook or csv")
