"""Cards of indicators and headline numbers, as escaped HTML."""

from __future__ import annotations

from html import escape

import streamlit as st

from dashboard.app_pages.parts.drawing import choose, go_to, note
from dashboard.session import language, text
from dashboard.views.headlines import Headline
from dashboard.views.indicator_page import Card, IndicatorPage, Part, status_words
from dashboard.views.overview import Overview
from dashboard.views.readings import DOWN, Reading
from dashboard.views.words import period_words

COLUMNS = 3
PARTS_SHOWN = 5
OUTCOMES = ("yes", "no", "unknown")


def filters(page: IndicatorPage | Overview, indicators: dict[str, str] | None = None) -> None:
    """Area and quarter, and the indicator where there are some to choose, bound to the address."""
    columns = st.columns(2 if indicators is None else 3)
    with columns[0]:
        choose(text("filter.area"), "area", page.area_choices, page.area)
    with columns[1]:
        choose(text("filter.period"), "period", page.period_choices, page.periods.chosen)
    if indicators is not None:
        with columns[2]:
            choices = {"": text("filter.choose_indicator"), **indicators}
            code = st.query_params.get("code", "")
            choose(text("filter.indicator"), "code", choices, code if code in choices else "")


def headlines(found: list[Headline]) -> None:
    """The first row of numbers, each with its definition."""
    for column, one in zip(st.columns(max(len(found), 1)), found, strict=False):
        with column, st.container(border=True, height="stretch"):
            change = _change_line(one.direction, one.change_words, "")
            st.html(
                f'<article class="card"><h3>{escape(one.title)}</h3>'
                f'<span class="value">{escape(one.value_words)}</span>'
                f'{change}<span class="small">{escape(one.definition)}</span></article>'
            )


def sections(page: IndicatorPage) -> None:
    """All cards of a page, chapter by chapter, each with a button to open it."""
    if not page.sections:
        note(text("empty.no_indicator"))
    for section in page.sections:
        st.subheader(section.title)
        for start in range(0, len(section.cards), COLUMNS):
            row = section.cards[start : start + COLUMNS]
            for column, card in zip(st.columns(COLUMNS), row, strict=False):
                with column, st.container(border=True, height="stretch"):
                    st.html(card_html(card))
                    st.button(
                        text("action.open"),
                        key=f"open_{card.code}",
                        on_click=go_to,
                        kwargs={"code": card.code},
                    )


def card_html(card: Card, is_open: bool = False) -> str:
    """A card: one large number with its bar, or the parts of an indicator as a list, all of them when
    open.
    """
    body = (
        _single(card)
        if len(card.parts) == 1
        else _several(card.parts, len(card.parts) if is_open else PARTS_SHOWN)
    )
    partners = text("mark.between_sentences").join(
        f"{one.code} {one.title} {one.value_words}" for one in card.partners
    )
    beside = (
        f'<span class="small">{escape(text("card.partners"))}{escape(partners)}</span>' if partners else ""
    )
    period = period_words(card.parts[0].reading.period, language())
    foot = " · ".join(
        words
        for words in (
            text("card.running" if card.is_running else "card.period", period=period) if period else "",
            card.owner,
        )
        if words
    )
    return (
        f'<article class="card"><h3><small>{escape(card.code)}</small>{escape(card.title)}</h3>'
        f"{body}{_mark(card)}{beside}"
        f'<span class="small">{escape(foot)}</span>{"" if is_open else _definition(card)}</article>'
    )


def _definition(card: Card) -> str:
    """What the number means, folded beside it; the whole sheet stands where the card is opened."""
    facts = (
        ("question", card.question),
        ("counted", card.counted),
        ("out_of", card.out_of),
        ("excluded", card.excluded),
        ("unknown", card.unknown),
        ("article", card.clause),
    )
    rows = "".join(
        f"<p><b>{escape(text(f'definitions.{name}'))}</b> {escape(words)}</p>"
        for name, words in facts
        if words
    )
    title = escape(text("definitions.open"))
    return f'<details class="meaning"><summary>{title}</summary>{rows}</details>'


def _mark(card: Card) -> str:
    """That inputs failed, and the way to the rows where there is one."""
    words, address = card.mark
    if not words:
        return ""
    more = f' <a href="{escape(address)}" target="_self">{escape(text("faults.see"))}</a>' if address else ""
    return f'<span class="small faults">{escape(words)}{more}</span>'


def _single(card: Card) -> str:
    found, is_yes_bad = card.parts[0].reading, card.better == DOWN
    lacking = status_words(language(), found)
    if lacking:
        return f'<span class="value words">{escape(lacking)}</span>{_bar(found, is_yes_bad)}'
    interval = f'<span class="small">{escape(found.interval_words)}</span>' if found.interval_words else ""
    chance = text("card.beyond_chance" if found.is_clear else "card.within_chance") if interval else ""
    # A period that is not over is not judged against a whole one.
    direction = "" if card.is_running else found.direction
    change = _change_line(direction, found.change_words, chance)
    return (
        f'<span class="value">{escape(found.value_words)}</span>{interval}{_bar(found, is_yes_bad)}{change}'
    )


def _several(parts: list[Part], shown: int) -> str:
    rows = "".join(
        f"<dt>{escape(part.words)}</dt>"
        f"<dd>{escape(status_words(language(), part.reading) or part.reading.value_words)}</dd>"
        for part in parts[:shown]
    )
    rest = len(parts) - shown
    more = f'<span class="small">{escape(text("card.more_parts", n=rest))}</span>' if rest > 0 else ""
    return f"<dl>{rows}</dl>{more}"


def _bar(found: Reading, is_yes_bad: bool) -> str:
    """Yes, no and unknown as one bar with its counts in words; nothing where counts say nothing.

    is_yes_bad: what is counted should be rare (late typing), so yes takes the warning colour.
    """
    total = sum(found.counts.values())
    if not total or (not (found.counts["no"] or found.counts["unknown"]) and not found.interval_words):
        return ""
    kinds = {
        "yes": "bad" if is_yes_bad else "good",
        "no": "good" if is_yes_bad else "bad",
        "unknown": "unknown",
    }
    pieces = "".join(
        f'<i class="{kinds[name]}" style="flex: {found.counts[name]}"></i>'
        for name in OUTCOMES
        if found.counts[name]
    )
    counts = {name: f"{found.counts[name]:,}" for name in OUTCOMES}
    label = escape(text("card.bar", **counts))
    return (
        f'<div class="bar" role="img" aria-label="{label}">{pieces}</div>'
        f'<span class="small">{escape(text("card.counts", **counts))}</span>'
    )


def _change_line(direction: str, change: str, chance: str) -> str:
    if not change:
        return ""
    remarks = [text(f"card.{direction}")] if direction else []
    remarks += [chance] if chance and direction in ("better", "worse") else []
    words = " · ".join([text("card.change", change=change), *remarks])
    return f'<span class="small change {direction}">{escape(words)}</span>'
