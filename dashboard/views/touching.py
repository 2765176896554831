"""What a finding in a ledger touches, in words: indicators with their titles, cards and lists by name."""

from __future__ import annotations

from dashboard.texts import text
from data_contracts.mending import open_items
from data_contracts.mending.open_items import Item
from models.measure import indicators
from models.screening.rulebook.card import cards
from models.touched import Touched, touched_together
from registry.deliveries import Message

NAMES_SHOWN = 6


def reach(item: Item, message: Message | None) -> Touched:
    """What a finding touches: a rejected row all that its tables reach, a doubtful cell its column."""
    lost = open_items.tables_lost(item)
    if lost:
        return touched_together((table, None) for table in lost)
    place = open_items.column_behind(item, message) if message else None
    return touched_together([place] if place else [])


def reach_words(found: Touched, lang: str) -> str:
    """What is touched, for people: codes with titles, facts counted, cards and lists by name."""
    known, between = indicators(), text(lang, "mark.between_words")
    parts = []
    if found.indicators:
        titles = [f"{code} {getattr(known[code].head.title, lang)}" for code in found.indicators]
        names = between.join(titles[:NAMES_SHOWN])
        if len(titles) > NAMES_SHOWN:
            names = text(lang, "returns.more", names=names, n=len(titles))
        parts.append(text(lang, "returns.indicators", names=names))
    if found.cards:
        read = cards()
        names = between.join(getattr(read[name].card, lang) for name in found.cards)
        parts.append(text(lang, "returns.cards", names=names))
    if found.tiers:
        names = between.join(text(lang, f"returns.target_{target}") for target in found.tiers)
        parts.append(text(lang, "returns.tiers", names=names))
    return text(lang, "mark.between_sentences").join(parts) or text(lang, "returns.none_touched")


def reach_of(item: Item) -> Touched:
    """What an item touches with all its findings."""
    lost = open_items.tables_lost(item)
    if lost:
        return touched_together((table, None) for table in lost)
    return touched_together(
        place for message in item.messages if (place := open_items.column_behind(item, message))
    )
