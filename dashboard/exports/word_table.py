"""Tables of the Word document as markup: python-docx's own cells take minutes for a thousand rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

from dashboard.exports.blocks import DOUBTED, GROUP, Align, Table

HEAD_FILL, GROUP_FILL, DOUBT_FILL = "E9EEF3", "F5F7F9", "FFF5D9"
TWIPS_PER_CM = 567
HALF_POINTS, SMALL_HALF_POINTS = 18, 15
MANY_COLUMNS = 9
NAME_SHARE = 0.3  # of the width, for the names of facts
FONTS = '<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="宋体"/>'
SPACING = '<w:spacing w:before="20" w:after="20" w:line="240" w:lineRule="auto"/>'


class Look(NamedTuple):
    """How the cells of a row look; size in half points; is_kept: on one page with the row below."""

    size: int = HALF_POINTS
    fill: str = ""
    is_bold: bool = False
    is_kept: bool = False


def table_xml(table: Table, width: float) -> Any:
    """A bordered table as wide as the text; the head row repeats on every page, no row is torn apart."""
    if not table.rows:
        return _element([_row([_cell(table.empty_words, width, "left", Look())])], [width])
    scale = width / sum(column.width for column in table.columns)
    widths = [column.width * scale for column in table.columns]
    size = SMALL_HALF_POINTS if len(table.columns) >= MANY_COLUMNS else HALF_POINTS
    titles = zip(table.columns, widths, strict=True)
    head = [_cell(one.title, at, "center", Look(size, HEAD_FILL, True, True)) for one, at in titles]
    rows = [_row(head, is_head=True)]
    for number, row in enumerate(table.rows):
        if row.kind == GROUP:
            look = Look(size, GROUP_FILL, is_bold=True, is_kept=True)
            rows.append(_row([_cell(row.cells[0], width, "left", look, len(widths))]))
            continue
        # A table does not begin with a single row at the foot of a page.
        look = Look(size, DOUBT_FILL if row.kind == DOUBTED else "", is_kept=number == 0)
        trio = zip(row.cells, widths, table.columns, strict=True)
        rows.append(_row([_cell(words, at, column.align, look) for words, at, column in trio]))
    return _element(rows, widths)


def fact_table_xml(facts: Sequence[tuple[str, str]], width: float) -> Any:
    """Two columns: the name of a fact and the fact."""
    left, right = width * NAME_SHARE, width * (1 - NAME_SHARE)
    name_look, look = Look(fill=HEAD_FILL), Look()
    rows = [
        _row([_cell(name, left, "left", name_look), _cell(value, right, "left", look)])
        for name, value in facts
    ]
    return _element(rows, [left, right])


def _element(rows: list[str], widths: list[float]) -> Any:
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    edges = "".join(
        f'<w:{edge} w:val="single" w:sz="4" w:space="0" w:color="8A949E"/>'
        for edge in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    grid = "".join(f'<w:gridCol w:w="{_twips(one)}"/>' for one in widths)
    margins = '<w:tblCellMar><w:left w:w="70" w:type="dxa"/><w:right w:w="70" w:type="dxa"/></w:tblCellMar>'
    return parse_xml(
        f"<w:tbl {nsdecls('w')}><w:tblPr>"
        f'<w:tblW w:w="{_twips(sum(widths))}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{edges}</w:tblBorders><w:tblLayout w:type="fixed"/>{margins}</w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def _row(cells: list[str], is_head: bool = False) -> str:
    head = "<w:tblHeader/>" if is_head else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{head}</w:trPr>{''.join(cells)}</w:tr>"


def _cell(words: str, width: float, align: Align, look: Look, span: int = 1) -> str:
    shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{look.fill}"/>' if look.fill else ""
    across = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    bold = "<w:b/>" if look.is_bold else ""
    keep = "<w:keepNext/>" if look.is_kept else ""
    style = f'<w:rPr>{FONTS}{bold}<w:sz w:val="{look.size}"/></w:rPr>'
    lines = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in words.split("\n"))
    shape = f'<w:pPr>{keep}{SPACING}<w:jc w:val="{align}"/></w:pPr>'
    box = f'<w:tcW w:w="{_twips(width)}" w:type="dxa"/>{across}{shade}<w:vAlign w:val="center"/>'
    return f"<w:tc><w:tcPr>{box}</w:tcPr><w:p>{shape}<w:r>{style}{lines}</w:r></w:p></w:tc>"


def _twips(centimetres: float) -> int:
    return round(centimetres * TWIPS_PER_CM)
