"""Receipts: a hash per child and target over everything that the place on the list follows from.

A receipt covers the facts (value, date, record), the card's and the rules' bytes, the dated parameters, the day, and
the move by hand where there is one.  `recompute_and_compare` makes them again and tells what no longer agrees, down to
the part.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from models.engines import Engine
from models.facts import facts
from models.parameters import parameters, value_on
from models.screening.by_hand.moving import MOVED_TABLE, with_move
from models.screening.rulebook.card import Card, ReadCard
from models.screening.rulebook.lanes import ReadRules, Tiers, text_of, tiers_of
from models.screening.sentences import joined, quoted

VERSION_COLUMNS = {"target": "VARCHAR", "part": "VARCHAR", "digest": "VARCHAR"}


class Difference(NamedTuple):
    """What no longer agrees: a part (`card`, `rules`, `parameters`, `as_of`) or a child's `facts`."""

    target: str
    child_id: str
    part: str


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def versions(
    as_of: date, target: str, card: ReadCard, rules: ReadRules | None = None
) -> list[tuple[str, str, str]]:
    """The parts that are the same for all children of a target: (target, part, digest); the shipped rules without."""
    numbers = "\n".join(f"{name}={value_on(name, as_of)}" for name in parameters())
    parts = {
        "card": card.text,
        "rules": rules.text if rules else text_of(target),
        "parameters": numbers,
        "as_of": as_of.isoformat(),
    }
    return [(target, part, _sha256(text)) for part, text in parts.items()]


def facts_used(rules: Tiers, card: Card) -> list[str]:
    """Names of the facts that a target's rules and card look at, and the one that ranks inside a tier."""
    used = {name for rule in rules.rules for name in (*rule.facts(), rule.shown)}
    used |= {line.fact for line in card.lines} | {"days_since_home_visit"}
    return sorted(used)


def receipt_sql(target: str, used: Sequence[str], version: Sequence[Sequence[str]]) -> str:
    """The receipt over `fact_wide AS w`, as SQL."""
    head = "|".join([target, *(part[2] for part in version)])
    told = [part for name in used for part in _told(name)]
    return f"digest({joined([quoted(head + '|'), 'w.child_id', *told])})"


def _told(name: str) -> list[str]:
    """The parts of `;name=value@since#record` as SQL; the date only where the fact is known."""
    value = f"w.{name}"
    shown = f"COALESCE(CAST({value} AS VARCHAR), '')"
    dated = f"CASE WHEN {value} IS NOT NULL THEN COALESCE(CAST({value}__since AS VARCHAR), '') ELSE '' END"
    return [f"';{name}='", shown, "'@'", dated, "'#'", f"COALESCE({value}__record, '')"]


def recompute_and_compare(
    engine: Engine,
    as_of: date,
    chosen: Mapping[str, ReadCard],
    rules: Mapping[str, ReadRules] | None = None,
) -> list[Difference]:
    """What no longer agrees with the published receipts; an empty list where everything does.

    Reads only published tables (`screening`, `fact`, `receipt_version`): a snapshot opened read-only will do.
    """
    found: list[Difference] = []
    for target, card in sorted(chosen.items()):
        kept = {
            row["part"]: row["digest"]
            for row in engine.rows(f"SELECT part, digest FROM receipt_version WHERE target = '{target}'")
        }
        own = (rules or {}).get(target)
        now = {part: digest for _, part, digest in versions(as_of, target, card, own)}
        found += [Difference(target, "", part) for part in now if kept.get(part) != now[part]]
        used = facts_used(own.rules if own else tiers_of(target), card.card)
        # With the kept versions, so that a changed card doesn't make every child's facts look changed.
        head = [(target, part, kept.get(part, "")) for part in now]
        sql = _compare_sql(target, used, head, MOVED_TABLE in engine.tables())
        found += [Difference(target, row["child_id"], "facts") for row in engine.rows(sql)]
    return found


def _compare_sql(target: str, used: Sequence[str], version: Sequence[Sequence[str]], has_moves: bool) -> str:
    columns = []
    for name in used:
        holds = {"flag": "flag", "number": "number", "code": "code"}[facts()[name].kind]
        kind = facts()[name].sql_type
        value = f"f.{holds}" if kind in ("BOOLEAN", "VARCHAR", "DOUBLE") else f"CAST(f.{holds} AS {kind})"
        pick = "CASE WHEN f.fact = '{0}' THEN {1} END"
        as_text = pick.format(name, f"CAST({value} AS VARCHAR)")
        columns += [
            f"MAX({as_text}) AS {name}",
            f"MAX({pick.format(name, 'f.since')}) AS {name}__since",
            f"MAX({pick.format(name, 'f.record')}) AS {name}__record",
        ]
    again = f"SELECT f.child_id, {', '.join(columns)} FROM fact AS f GROUP BY f.child_id"
    receipt, by_hand = receipt_sql(target, used, version), ""
    if has_moves:  # a build made before there were moves has no table of them
        receipt = with_move(receipt)
        by_hand = f"LEFT JOIN {MOVED_TABLE} AS m ON m.child_id = s.child_id AND m.target = s.target "
    return (
        f"SELECT s.child_id FROM screening AS s LEFT JOIN ({again}) AS w ON w.child_id = s.child_id {by_hand}"
        f"WHERE s.target = '{target}' AND s.receipt <> COALESCE({receipt}, '') "
        "ORDER BY s.child_id"
    )
