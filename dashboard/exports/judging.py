"""What is late, what got worse, and what is not to be believed and why: a pack's judgements."""

from __future__ import annotations

from typing import Any, NamedTuple

from dashboard.exports.content import OK, UNKNOWN, Content, Figure
from dashboard.views.overview import OWED, PAPER
from dashboard.views.thresholds import threshold


class Late(NamedTuple):
    """A duty of the district that fell due and was not met in time; owed counts those known."""

    figure: Figure
    n_late: int
    n_owed: int

    @property
    def share(self) -> float:
        """Part of those due and known that was late."""
        return self.n_late / self.n_owed


class Doubt(NamedTuple):
    """An indicator with thin evidence: in the district (None where it is not), and in these townships."""

    code: str
    series: str
    district: Figure | None
    townships: list[Figure]


def late(content: Content) -> list[Late]:
    """What is owed by a day and was not done in time in the district, the largest share first."""
    found = []
    for figure in content.at("district", OWED):
        owed = (figure.yes or 0) + (figure.no or 0)
        if figure.status == OK and figure.no and figure.unit == "share":
            found.append(Late(figure, figure.no, owed))
    return sorted(found, key=lambda one: -one.share)


def worse(content: Content) -> list[Figure]:
    """What moved the wrong way by more than chance, the district first; small bases are left out."""
    few = threshold("pattern_few")
    found = []
    for figure in content.figures:
        base = (figure.yes or 0) + (figure.no or 0)
        is_few = figure.unit == "share" and base < few
        if figure.direction == "worse" and figure.is_clear and not is_few:
            found.append(figure)
    return sorted(found, key=lambda one: one.level != "district")


def is_thin(figure: Figure) -> bool:
    """Whether too little is known for the figure to be believed."""
    if figure.status not in (OK, UNKNOWN) or figure.evidence is None:
        return False
    return figure.evidence < threshold("evidence_low")


def thin(content: Content) -> list[Doubt]:
    """Indicators with too little evidence, in the order of the catalogue."""
    doubts: dict[tuple[str, str], Doubt] = {}
    for figure in content.figures:
        if is_thin(figure):
            key = (figure.code, figure.series)
            doubt = doubts.setdefault(key, Doubt(*key, None, []))
            if figure.level == "district":
                doubts[key] = doubt._replace(district=figure)
            else:
                doubt.townships.append(figure)
    return list(doubts.values())


def on_paper(content: Content) -> list[Figure]:
    """Late typing and copied notes above their thresholds: some of it may have happened on paper only."""
    return [
        one
        for one in content.figures
        if one.code in PAPER and one.value is not None and one.value > threshold(PAPER[one.code])
    ]


def failed_checks(content: Content, status: str = "fail") -> list[dict[str, Any]]:
    """The checks of a status, those that most rows fail first."""
    rows = [row for row in content.quality if row["status"] == status]
    return sorted(rows, key=lambda row: (-(row["failed"] or 0), row["table_name"], row["check_id"]))


def quality_counts(content: Content) -> dict[str, dict[str, int]]:
    """Table → status → how many checks."""
    counts: dict[str, dict[str, int]] = {}
    for row in content.quality:
        of_table = counts.setdefault(row["table_name"], {})
        of_table[row["status"]] = of_table.get(row["status"], 0) + 1
    return counts
