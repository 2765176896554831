"""The parts of a report, in words already: headings, paragraphs, tables; every format writes the same."""

from __future__ import annotations

from typing import Literal, NamedTuple

Align = Literal["left", "right", "center"]
PLAIN, GROUP, DOUBTED = "plain", "group", "doubted"


class Heading(NamedTuple):
    """A heading; level 1 is a section, 2 a part of it."""

    words: str
    level: int = 1
    is_wide: bool = False  # from here on pages lie on their side


class Paragraph(NamedTuple):
    """Running text; style: body, note (small, beside a table) or sign (right, at the end)."""

    words: str
    style: Literal["body", "note", "sign"] = "body"


class Column(NamedTuple):
    """A column: its title, its share of the width, and how its cells stand."""

    title: str
    width: float
    align: Align = "left"


class Bar(NamedTuple):
    """How many yes, no and unknown, to be drawn where a format can."""

    yes: int
    no: int
    unknown: int


class Row(NamedTuple):
    """A row of words; `group` spans the width, `doubted` is marked because too little is known."""

    cells: tuple[str, ...]
    kind: str = PLAIN
    bar: Bar | None = None


class Table(NamedTuple):
    """A table with a repeated head row; empty_words is said instead where there is no row."""

    caption: str
    columns: tuple[Column, ...]
    rows: list[Row]
    empty_words: str = ""
    has_bars: bool = False


Block = Heading | Paragraph | Table


class Document(NamedTuple):
    """A report: its title, the period below it, the facts that identify it, who it is for, and its blocks."""

    lang: str
    title: str
    subtitle: str
    banner: str
    identity: list[tuple[str, str]]
    addressed: str
    blocks: list[Block]
