"""An evaluation that was kept, in words: figures with intervals, what cannot be said, why a card may not go on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from dashboard.texts import text
from dashboard.views.words import either
from models.screening.rulebook import bars

Document = Mapping[str, Any]
NO_NAMES: Mapping[str, str] = MappingProxyType({})
WAYS = ("naive", "weighted", "draws")


def share_words(lang: str, cell: Mapping[str, Any]) -> str:
    """A share with its interval, in percent; words where nothing can be said."""
    return _words(lang, cell, 100, "%", 0)


def number_words(lang: str, cell: Mapping[str, Any], digits: int = 1) -> str:
    """A number with its interval."""
    return _words(lang, cell, 1, "", digits)


def _words(lang: str, cell: Mapping[str, Any], factor: float, unit: str, digits: int) -> str:
    if cell["value"] is None:
        return text(lang, "learned.no_statement")
    value, low, high = (
        "∞" if cell[name] is None else f"{cell[name] * factor:.{digits}f}"
        for name in ("value", "low", "high")
    )
    return text(lang, "learned.interval", value=value, low=low, high=high, unit=unit)


def area_words(lang: str, cell: Mapping[str, Any]) -> str:
    """How often a serious case stands above another, of a hundred pairs."""
    return share_words(lang, cell)


def scorer_words(lang: str, name: str) -> str:
    """What an order is called."""
    return text(lang, f"learned.scorer.{name}")


def scorer_of(document: Document, name: str) -> dict[str, Any] | None:
    """The figures of one order; None where it was not tried."""
    return next((one for one in document["evaluation"]["scorers"] if one["name"] == name), None)


def figures_of(scorer: Mapping[str, Any], way: str) -> dict[str, Any]:
    """One order's figures in one of the three ways."""
    found: dict[str, Any] = next(one for one in scorer["three_ways"]["figures"] if one["way"] == way)
    return found


def miss_words(lang: str, miss: bars.Miss, townships: Mapping[str, str] = NO_NAMES) -> str:
    """Why a bar is not met; a group of children by its name."""
    group = ""
    if miss.kind:
        name = group_name(lang, miss.kind, miss.group, townships)
        group = text(lang, "learned.group_named", kind=kind_name(lang, miss.kind), group=name)
    return text(lang, f"learned.miss.{miss.code}", found=miss.found, asked=miss.asked, group=group)


def bar_lines(
    lang: str, document: Document, day: dt.date, townships: Mapping[str, str] = NO_NAMES
) -> list[str]:
    """What stands against switching the card on; one sentence that nothing does otherwise."""
    beside = bars.beside_of(document)
    if beside is None:
        return [text(lang, "learned.no_comparison")]
    misses = bars.not_ready(beside, day)
    return [miss_words(lang, one, townships) for one in misses] or [text(lang, "learned.bar_met")]


def report_lines(lang: str, document: Document) -> Iterator[str]:
    """The report as lines for a terminal: three figures, baselines, price, stability, moves, bars, limits."""
    told = document["evaluation"]
    yield tested_on(lang, document)
    if "n_learned" in document:
        yield text(lang, "learned.learned_from", days="、".join(document["learned_days"])
                   if lang == "zh" else ", ".join(document["learned_days"]),
                   n=document["n_learned"], found=document["n_learned_found"])  # fmt: skip
    for scorer in told["scorers"]:
        cells = [share_words(lang, figures_of(scorer, way)["at_capacity"]["recall"]) for way in WAYS]
        yield text(lang, "learned.recall_line", name=scorer_words(lang, scorer["name"]), naive=cells[0],
                   weighted=cells[1], draws=cells[2])  # fmt: skip
    yield from price_lines(lang, document)
    yield from alarm_lines(lang, document)
    yield from stability_lines(lang, document)
    swap = document["swap"]
    yield text(lang, "learned.swap_line", day=swap["day"], enter=swap["entering"], leave=swap["leaving"],
               stay=swap["stay"])  # fmt: skip
    yield from bar_lines(lang, document, dt.date.fromisoformat(told["last_day"]))
    yield text(lang, "learned.limits")


def tested_on(lang: str, document: Document) -> str:
    """On which lists it was tried, and how many outcomes there were."""
    told = document["evaluation"]
    counts = {
        name: f"{told[key]:,}"
        for name, key in (("n", "n"), ("visited", "n_visited"), ("serious", "n_serious"))
    }
    return text(lang, "learned.tested_on", first=told["first_day"], last=told["last_day"],
                capacity=told["capacity"], **counts)  # fmt: skip


def price_lines(lang: str, document: Document) -> Iterator[str]:
    """What the small card costs against the ceiling, in children not found on a list."""
    own = scorer_of(document, "card")
    for one in own["prices"] if own else ():
        key = "learned.price_unknown" if one["by_draws"]["value"] is None else "learned.price"
        yield text(
            lang, key, other=scorer_words(lang, one["other"]), children=number_words(lang, one["by_draws"])
        )


def alarm_lines(lang: str, document: Document) -> Iterator[str]:
    """Where the drawn visits contradict the other two figures of the card."""
    for scorer, way, measure in document["evaluation"]["alarms"]:
        if scorer == "card":
            yield text(lang, "learned.alarm", way=text(lang, f"learned.way.{way}"),
                       measure=text(lang, f"learned.measure.{measure}"))  # fmt: skip


def stability_lines(lang: str, document: Document) -> Iterator[str]:
    """How far the list hangs on chance."""
    found = document.get("stability")
    if found is None:
        return
    overlap = (
        text(lang, "learned.no_statement") if found["overlap"] is None else f"{found['overlap'] * 100:.0f} %"
    )
    yield text(lang, "learned.stability", refits=found["n_refits"], overlap=overlap, flips=found["flips"])
    most = found["n_cards"]
    always = found["on_list"].get(str(most), found["on_list"].get(most, 0))
    some = sum(found["on_list"].values())
    yield text(lang, "learned.equally_good", cards=most, always=always, some=some)
    yield text(lang, "learned.ties", tied=found["n_tied"], on=found["n_tied_on"])


def group_name(lang: str, kind: str, group: str, townships: Mapping[str, str]) -> str:
    """What a group of children is called."""
    if not group:
        return text(lang, "tuning.not_recorded")
    if kind == "township":
        return townships.get(group, group)
    if kind == "missing":
        return text(lang, "tuning.missing_facts", n=group)
    if kind == "source":
        parts = [text(lang, f"learned.source.{one}") for one in group.split("+")]
        return text(lang, "learned.plus").join(parts)
    return either(lang, f"tuning.group_of.{kind}.{group}", group)


def kind_name(lang: str, kind: str) -> str:
    """What a kind of groups is called."""
    return either(
        lang,
        f"tuning.kind.{kind}",
        text(lang, f"learned.kind.{kind}") if kind in ("disability", "source") else kind,
    )
