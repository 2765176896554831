"""The pack as a Word document in the form of an official report (type sizes and margins after GB/T 9704)."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

from dashboard.exports.archives import without_clock
from dashboard.exports.blocks import Block, Document, Heading, Paragraph, Table
from dashboard.exports.word_table import fact_table_xml, table_xml
from dashboard.texts import text

TITLE, SECTION, PART, BODY = "方正小标宋简体", "黑体", "楷体", "仿宋"
LATIN = "Times New Roman"
# What a machine without the official fonts should take instead, in the document's own font table.
INSTEAD = {
    TITLE: "SimSun, Songti SC, Noto Serif CJK SC",
    SECTION: "SimHei, Heiti SC, Noto Sans CJK SC",
    PART: "KaiTi, Kaiti SC, Noto Serif CJK SC",
    BODY: "FangSong, STFangsong, Noto Serif CJK SC",
    "宋体": "SimSun, Songti SC, Noto Serif CJK SC",
}
# Centimetres: page, and margins of standing and lying pages.
WIDTH, HEIGHT = 21.0, 29.7
STANDING = {"top": 3.7, "bottom": 3.5, "left": 2.8, "right": 2.6}
LYING = {"top": 2.2, "bottom": 2.0, "left": 2.0, "right": 2.0}


class MissingExtra(RuntimeError):
    """Word documents need a package that is not installed: names the extra that brings it."""


def require_word() -> None:
    """Stop with MissingExtra before any work is done where python-docx is not installed."""
    try:
        import docx  # noqa: F401
    except ImportError:
        raise MissingExtra(
            "report: expected python-docx for a .docx file, found none; "
            "install shouhu[report], or ask for .html or .xlsx"
        ) from None


def word_of(document: Document, made_on: datetime) -> bytes:
    """The document's bytes; the same for the same content."""
    require_word()
    from docx import Document as new_word

    word = new_word()
    _styles(word, document.lang)
    _properties(word, document, made_on)
    _page(word.sections[0], STANDING, is_lying=False)
    _footer(word.sections[0], document.lang)
    _front(word, document)
    is_lying = False
    for before, block in zip([None, *document.blocks], document.blocks, strict=False):
        if isinstance(block, Heading) and block.is_wide and not is_lying:
            is_lying = True
            _page(word.add_section(), LYING, is_lying=True)
        _write(word, block, document.lang, is_lying, is_titled=isinstance(before, Heading))
    stored = io.BytesIO()
    word.save(stored)
    return without_clock(stored.getvalue())


def _styles(word: Any, lang: str) -> None:
    from docx.shared import Pt

    is_chinese = lang == "zh"
    sizes = (16, 16, 16, 22) if is_chinese else (11.5, 15, 12.5, 20)
    names = ("Normal", "Heading 1", "Heading 2", "Title")
    for name, font, size in zip(names, (BODY, SECTION, PART, TITLE), sizes, strict=True):
        style = word.styles[name]
        style.font.size = Pt(size)
        style.font.bold = not is_chinese and name != "Normal"
        _font(style.element.get_or_add_rPr(), font)
        # The template's spacing between lines is for Latin type.
        style.paragraph_format.space_after = Pt(0)
        style.paragraph_format.space_before = Pt(12 if name.startswith("Heading") else 0)
    normal = word.styles["Normal"].paragraph_format
    normal.line_spacing = Pt(28) if is_chinese else 1.25
    normal.widow_control = True
    for element in word.styles["Title"].element.xpath(".//w:pBdr"):
        element.getparent().remove(element)
    _language_and_fonts(word)


def _font(properties: Any, name: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    for old in properties.findall(qn("w:rFonts")) + properties.findall(qn("w:color")):
        properties.remove(old)
    fonts = OxmlElement("w:rFonts")
    for side, font in (("ascii", LATIN), ("hAnsi", LATIN), ("cs", LATIN), ("eastAsia", name)):
        fonts.set(qn(f"w:{side}"), font)
    properties.insert(0, fonts)


def _language_and_fonts(word: Any) -> None:
    from docx.oxml.ns import qn

    for language in word.styles.element.iter(qn("w:lang")):
        language.set(qn("w:eastAsia"), "zh-CN")
    entries = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/></w:font>' for name, other in INSTEAD.items()
    )
    for part in word.part.package.iter_parts():
        if str(part.partname) == "/word/fontTable.xml":
            part._blob = part.blob.replace(b"</w:fonts>", entries.encode("utf-8") + b"</w:fonts>")


def _properties(word: Any, document: Document, made_on: datetime) -> None:
    core = word.core_properties
    core.title, core.subject = document.title, document.subtitle
    core.author = core.last_modified_by = "Shouhu 守护"
    core.comments = core.keywords = core.category = ""
    core.created = core.modified = made_on
    core.revision = 1
    core.language = "zh-CN" if document.lang == "zh" else "en"


def _page(section: Any, margins: dict[str, float], is_lying: bool) -> None:
    from docx.enum.section import WD_ORIENT
    from docx.shared import Cm

    section.orientation = WD_ORIENT.LANDSCAPE if is_lying else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (Cm(HEIGHT), Cm(WIDTH)) if is_lying else (Cm(WIDTH), Cm(HEIGHT))
    for side, size in margins.items():
        setattr(section, f"{side}_margin", Cm(size))


def _footer(section: Any, lang: str) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls
    from docx.shared import Pt

    paragraph = section.footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    before, after = text(lang, "pack.page", page="\n").split("\n")
    paragraph.add_run(before).font.size = Pt(10.5)
    number = '<w:r><w:rPr><w:sz w:val="21"/></w:rPr><w:t>1</w:t></w:r>'
    field = f'<w:fldSimple {nsdecls("w")} w:instr="PAGE">{number}</w:fldSimple>'
    paragraph._p.append(parse_xml(field))
    paragraph.add_run(after).font.size = Pt(10.5)


def _front(word: Any, document: Document) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt, RGBColor

    if document.banner:
        banner = word.add_paragraph()
        banner.alignment = WD_ALIGN_PARAGRAPH.CENTER
        run = banner.add_run(document.banner)
        run.font.color.rgb, run.font.size, run.font.bold = RGBColor(0x8A, 0x2B, 0x1B), Pt(12), True
    title = word.add_paragraph(document.title, style="Title")
    subtitle = word.add_paragraph(document.subtitle)
    for paragraph in (title, subtitle):
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    subtitle.paragraph_format.space_after = Pt(10)
    word.element.body.insert_element_before(
        fact_table_xml(document.identity, _text_width(is_lying=False)), "w:sectPr"
    )
    addressed = word.add_paragraph(document.addressed)
    addressed.paragraph_format.space_before = Pt(12)


def _text_width(is_lying: bool) -> float:
    margins, page = (LYING, HEIGHT) if is_lying else (STANDING, WIDTH)
    return page - margins["left"] - margins["right"]


def _write(word: Any, block: Block, lang: str, is_lying: bool, is_titled: bool) -> None:
    if isinstance(block, Heading):
        word.add_heading(block.words, level=block.level).paragraph_format.keep_with_next = True
    elif isinstance(block, Paragraph):
        _paragraph(word, block, lang)
    else:
        if not is_titled:  # the heading right above says it already
            _caption(word, block)
        _table(word, block, is_lying)


def _paragraph(word: Any, block: Paragraph, lang: str) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Cm, Pt

    paragraph = word.add_paragraph()
    run = paragraph.add_run(block.words)
    shape = paragraph.paragraph_format
    if block.style == "note":
        run.font.size, shape.line_spacing = Pt(10 if lang == "zh" else 9), 1.2
        shape.space_after = Pt(6)
    elif block.style == "sign":
        paragraph.alignment, shape.right_indent = WD_ALIGN_PARAGRAPH.RIGHT, Cm(2.2)
        shape.keep_with_next = True
    else:
        # Two characters, as Chinese paragraphs begin.
        shape.first_line_indent = Pt(32) if lang == "zh" else None
        shape.space_after = Pt(0 if lang == "zh" else 6)


def _caption(word: Any, block: Table) -> None:
    from docx.shared import Pt

    caption = word.add_paragraph()
    run = caption.add_run(block.caption)
    run.font.size = Pt(10.5)
    _font(run._r.get_or_add_rPr(), SECTION)
    caption.paragraph_format.keep_with_next, caption.paragraph_format.line_spacing = True, 1.2
    caption.paragraph_format.space_before = Pt(6)


def _table(word: Any, block: Table, is_lying: bool) -> None:
    from docx.shared import Pt

    word.element.body.insert_element_before(table_xml(block, _text_width(is_lying)), "w:sectPr")
    # Word joins two tables that touch.
    after = word.add_paragraph()
    after.paragraph_format.line_spacing = Pt(8)
