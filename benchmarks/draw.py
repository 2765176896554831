"""Writes docs/performance.md from the results and page.md.  Run: python -m benchmarks.draw"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from benchmarks.cards_drawn import cards_text
from benchmarks.measuring import RESULTS

TEMPLATE = Path(__file__).with_name("page.md")
PAGE = RESULTS.parents[1] / "docs" / "performance.md"
ORDER = ("intake", "verdicts", "checks", "indicators", "screening", "screening_at_scale", "build", "scale")
SEEN_EQUAL = {
    "rows_read": "rows in the account of the intake, all among the rows read",
    "builds_compared": "figures of two builds, equal in every column",
    "figures_compared": "figures, equal to hand-written SQL in all that it gives",
    "verdicts_compared": "verdicts, equal to those of judging every table",
    "village_figures_compared": "figures of villages, equal to those of the district that was copied",
    "checks_compared": "checks with equal failing rows three ways",
    "children_compared": "children with equal points",
    "places_compared": "places on both lists at scale with equal points, each copy as the district that was copied",
}


def results() -> list[dict[str, Any]]:
    """The results that there are, in the order in which data flows."""
    paths = [RESULTS / f"{name}.json" for name in ORDER]
    return [json.loads(path.read_text("utf-8")) for path in paths if path.exists()]


def table(found: list[dict[str, Any]]) -> str:
    """One row for each ratio."""
    rows = []
    for one in found:
        for what, ratio in one["ratios"].items():
            spread = f"{ratio['smallest']:.1f} … {ratio['largest']:.1f}" if one["rounds"] > 1 else "one run"
            rows.append(f"| {what} | {ratio['median']:.1f} | {spread} | {one['children']:,} |")
    return "\n".join(rows)


def parts(found: list[dict[str, Any]]) -> str:
    """One table for each whole whose parts were timed, the largest part first."""
    tables = []
    for one in found:
        for whole, shares in one["shares"].items():
            ordered = sorted(shares.items(), key=lambda item: -item[1])
            rows = [f"| {name} | {share:.0%} |" for name, share in ordered]
            tables.append("\n".join([f"| of the {whole} | share of the time |", "| --- | ---: |", *rows]))
    return "\n\n".join(tables)


def compared(found: list[dict[str, Any]]) -> str:
    """What was seen to be equal before anything was timed."""
    return "; ".join(
        f"{one[key]:,} {words} ({one['benchmark']})"
        for one in found
        for key, words in SEEN_EQUAL.items()
        if key in one
    )


def loads(found: list[dict[str, Any]]) -> str:
    """Rows a second and most memory of each way of running the checks."""
    rows = [
        f"| {way} | {speed:,} | {one['peak_mib'][way]:,} |"
        for one in found
        if "rows_per_second" in one
        for way, speed in one["rows_per_second"].items()
    ]
    return "\n".join(["| the checks | rows a second | most memory (MiB) |", "| --- | ---: | ---: |", *rows])


def memory(found: list[dict[str, Any]]) -> str:
    """Most memory of each way of building and of evaluating many children."""
    rows = [
        f"| {one['benchmark']}: {way} | {one['children']:,} | {peak:,} |"
        for one in found
        if "peak_mib" in one and "rows_per_second" not in one
        for way, peak in one["peak_mib"].items()
    ]
    return "\n".join(
        ["| in a process of its own | children | most memory (MiB) |", "| --- | ---: | ---: |", *rows]
    )


def sizes(found: list[dict[str, Any]]) -> str:
    """How much the benchmark of many children made."""
    told = []
    for one in (one for one in found if "scale" in one):
        told.append(
            f"Here: {one['children']:,} children in {one['copies']:,} copies, {one['scale']['cases']:,} cases, "
            f"{one['scale']['figures']:,} figures, DuckDB limited to {one['memory_limit']}."
        )
        if any(what.startswith("ten times") for what in one["ratios"]):
            told.append("The last rows of the first table say how much ten times as many children cost.")
    return " ".join(told)


def conditions(found: list[dict[str, Any]]) -> str:
    """On what, with what, when."""
    lines = []
    for one in found:
        machine = one["machine"]
        place = f"{machine['processor']}, {machine['cores']} cores, {machine['memory_gib']} GiB, "
        place += f"{machine['system']}, load {machine['load_average']}"
        versions = ", ".join(f"{name} {version}" for name, version in one["versions"].items())
        rounds = f"{one['rounds']} rounds in turn" if one["rounds"] > 1 else "one run"
        district = f"{one['children']:,} children, {rounds}"
        lines.append(f"- {one['benchmark']}: {district}, {one['date']}; {place}; {versions}.")
    return "\n".join(lines)


def cards() -> str:
    """Learned cards beside what else can be learned: means over the sets, then each set, then a million rows."""
    path = RESULTS / "cards.json"
    return cards_text(json.loads(path.read_text("utf-8"))) if path.exists() else "Not measured."


def page(found: list[dict[str, Any]]) -> str:
    """The whole page."""
    filled = TEMPLATE.read_text("utf-8")
    for name, made in {
        "table": table,
        "compared": compared,
        "parts": parts,
        "loads": loads,
        "memory": memory,
        "sizes": sizes,
        "conditions": conditions,
    }.items():
        filled = filled.replace(f"{{{name}}}", made(found))
    return filled.replace("{cards}", cards())


def main() -> None:
    """Write the page."""
    found = results()
    if not found:
        raise SystemExit(
            "benchmarks/results: expected results, found none; run python -m benchmarks.indicators"
        )
    PAGE.write_text(page(found), "utf-8")


if __name__ == "__main__":
    main()
