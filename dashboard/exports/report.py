"""From content to a document: the order of an official report, section by section."""

from __future__ import annotations

from dashboard.exports.annexes import annexes
from dashboard.exports.blocks import (
    DOUBTED,
    PLAIN,
    Bar,
    Block,
    Column,
    Document,
    Heading,
    Paragraph,
    Row,
    Table,
)
from dashboard.exports.content import NOT_APPLICABLE, Content, Figure, fingerprint
from dashboard.exports.doubts import doubts
from dashboard.exports.judging import is_thin, late, on_paper, thin, worse
from dashboard.exports.periods import day_words, period_words, span_words
from dashboard.exports.wording import Wording
from dashboard.texts import text
from dashboard.views.thresholds import threshold

# Section → letters of the codes.
CHAPTERS = {
    "coverage": "C",
    "relief": "RF",
    "education": "E",
    "mind": "P",
    "safety": "S",
    "information": "IG",
}
# What a reader wants to know first, where the build has it.
HEADLINES = (
    ("C7", "stock"),
    ("C7", "stock.not_established"),
    ("C2", ""),
    ("C12", ""),
    ("C14", ""),
    ("C13", "plan>0d"),
    ("R4", ""),
    ("E1", ""),
    ("E2", "out_of_school"),
    ("P4", ""),
    ("P11", ""),
    ("S3", ""),
    ("S12", "alone"),
    ("S12", "unattended"),
    ("I9", ""),
)
WORSE_SHOWN = 15
NAMED = 5
LATE_SHOWN = 12


def document_of(content: Content, lang: str) -> Document:
    """The whole report in one language."""
    words = Wording(lang, content)
    blocks: list[Block] = [*_overall(words)]
    for number, (chapter, letters) in enumerate(CHAPTERS.items(), start=2):
        blocks += _chapter(words, number, chapter, letters)
    blocks += doubts(words, len(CHAPTERS) + 2)
    blocks += _signature(words)
    blocks += annexes(words, len(CHAPTERS) + 3)
    district = next(iter(content.areas.values()), "")
    return Document(
        lang,
        words.say("title", district=district),
        words.say("subtitle", period=period_words(lang, content.span.period)),
        words.say("demo") if content.build.is_demo else "",
        _identity(words),
        words.say("addressed"),
        blocks,
    )


def _identity(words: Wording) -> list[tuple[str, str]]:
    content, lang = words.content, words.lang
    facts = [
        ("period", span_words(lang, content.span)),
        ("as_of", day_words(lang, content.build.as_of)),
        ("known_on", day_words(lang, content.build.known_on)),
        ("build", content.build.build_id),
        ("sha256", fingerprint(content)),
        ("protection", words.protection()),
    ]
    return [(words.say(f"identity.{name}"), value) for name, value in facts]


def _overall(words: Wording) -> list[Block]:
    content = words.content
    found = {(one.code, one.series): one for one in content.at("district")}
    chosen = [found[key] for key in HEADLINES if key in found]
    lead = words.say(
        "lead",
        period=span_words(words.lang, content.span),
        as_of=day_words(words.lang, content.build.as_of),
        known_on=day_words(words.lang, content.build.known_on),
        indicators=len(content.heads),
        townships=sum(1 for code in content.areas if len(code) > 6),
    )
    return [
        Heading(words.say("heading", number=_ordinal(words, 1), words=words.say("chapter.overall"))),
        Paragraph(lead),
        Paragraph(_summary(words)),
        figure_table(words, words.say("table.headlines"), chosen, has_partners=False),
        Paragraph(words.say("reading_note", low=f"{threshold('evidence_low'):.0%}"), "note"),
        Heading(words.say("late.heading"), 2),
        _late_table(words),
        Heading(words.say("worse.heading"), 2),
        *_worse_blocks(words),
    ]


def _ordinal(words: Wording, number: int) -> str:
    return words.say(f"ordinal.{number}")


def _summary(words: Wording) -> str:
    content = words.content
    n_failed = sum(1 for row in content.quality if row["status"] == "fail")
    return words.say(
        "summary",
        late=len(late(content)),
        worse=len(worse(content)),
        thin=len(thin(content)),
        paper=len(on_paper(content)),
        failed=n_failed,
        low=f"{threshold('evidence_low'):.0%}",
    )


def _late_table(words: Wording) -> Table:
    columns = tuple(
        Column(words.say(f"column.{name}"), width, "left" if name == "indicator" else "right")
        for name, width in (
            ("indicator", 6.4),
            ("owed", 2),
            ("late", 1.8),
            ("late_share", 2),
            ("unknown", 1.6),
            ("change_rate", 2.6),
        )
    )
    rows = [
        Row(
            (
                words.titled(one.figure),
                f"{one.n_owed:,}",
                f"{one.n_late:,}",
                f"{one.share:.1%}",
                words.n(one.figure, "unknown"),
                words.change(one.figure),
            ),
            DOUBTED if is_thin(one.figure) else PLAIN,
        )
        for one in late(words.content)[:LATE_SHOWN]
    ]
    return Table(words.say("table.late"), columns, rows, words.say("late.none"))


def _worse_blocks(words: Wording) -> list[Block]:
    found = worse(words.content)
    columns = tuple(
        Column(words.say(f"column.{name}"), width, "left" if name in ("area", "indicator") else "right")
        for name, width in (("area", 3), ("indicator", 6.6), ("value", 2.8), ("interval", 3), ("change", 3))
    )
    rows = [
        Row(
            (
                words.area(one.area),
                words.titled(one),
                words.value(one),
                words.interval(one),
                words.change(one),
            )
        )
        for one in found[:WORSE_SHOWN]
    ]
    blocks: list[Block] = [Table(words.say("table.worse"), columns, rows, words.say("worse.none"))]
    if len(found) > WORSE_SHOWN:
        blocks.append(Paragraph(words.say("worse.more", shown=WORSE_SHOWN, n=len(found)), "note"))
    return blocks


def _chapter(words: Wording, number: int, chapter: str, letters: str) -> list[Block]:
    mine = [one for one in words.content.at("district") if one.code[0] in letters]
    heading = Heading(
        words.say("heading", number=_ordinal(words, number), words=words.say(f"chapter.{chapter}"))
    )
    if not mine:
        return [heading, Paragraph(words.say("chapter_none"))]
    caption = words.say("table.chapter", chapter=words.say(f"chapter.{chapter}"))
    return [heading, Paragraph(_chapter_lead(words, mine)), figure_table(words, caption, mine)]


def _chapter_lead(words: Wording, mine: list[Figure]) -> str:
    """How much there is, and by name what got worse, what is not known well enough, what does not apply."""
    sentences = [words.say("chapter_lead", indicators=len({one.code for one in mine}), figures=len(mine))]
    groups = {
        "worse": [one for one in mine if one.direction == "worse" and one.is_clear],
        "thin": [one for one in mine if is_thin(one)],
        "not_applicable": [one for one in mine if one.status == NOT_APPLICABLE],
    }
    for name, group in groups.items():
        if group:
            shown = words.say("between").join(_named(words, name, one) for one in group[:NAMED])
            key = f"chapter_{name}" if len(group) <= NAMED else f"chapter_{name}_more"
            sentences.append(
                words.say(key, names=shown, n=len(group), low=f"{threshold('evidence_low'):.0%}")
            )
    return text(words.lang, "pack.between_sentences").join(sentences)


def _named(words: Wording, group: str, figure: Figure) -> str:
    title = words.title(figure.code, figure.series)
    if group == "not_applicable":
        return title
    number = words.change(figure).rstrip("!") if group == "worse" else words.evidence(figure).rstrip("△")
    return words.say("with_number", title=title, number=number)


def figure_table(words: Wording, caption: str, figures: list[Figure], has_partners: bool = True) -> Table:
    """District figures: counts, value with interval, evidence, change and the honesty partner."""
    shape = [
        ("indicator", 4.0 if has_partners else 6.2),
        ("yes", 1.25),
        ("no", 1.25),
        ("unknown", 1.5),
        ("value_interval", 2.7),
        ("evidence", 1.7),
        ("change", 2.8),
    ]
    shape += [("partner", 2.4)] if has_partners else []
    left = ("indicator", "partner")
    columns = tuple(
        Column(words.say(f"column.{name}"), width, "left" if name in left else "right")
        for name, width in shape
    )
    rows = []
    for one in figures:
        interval = words.interval(one)
        value = words.value(one) + (f"\n({interval})" if one.low is not None else "")
        value += f" {text(words.lang, 'faults.sign')}" if one.is_faulty else ""
        cells = (
            words.titled(one),
            words.n(one, "yes"),
            words.n(one, "no"),
            words.n(one, "unknown"),
            value,
            words.evidence(one),
            words.change(one),
            *([words.partners(one, "\n")] if has_partners else []),
        )
        has_bar = words.unit(one) == "share" and one.yes is not None
        bar = Bar(one.yes or 0, one.no or 0, one.unknown or 0) if has_bar else None
        rows.append(Row(cells, DOUBTED if is_thin(one) else PLAIN, bar))
    return Table(caption, columns, rows, words.say("chapter_none"), has_bars=True)


def _signature(words: Wording) -> list[Block]:
    return [
        Paragraph(words.say("signature"), "sign"),
        Paragraph(day_words(words.lang, words.content.build.as_of), "sign"),
    ]
