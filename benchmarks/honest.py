"""How often intervals cover the truth where only some are visited: `python -m benchmarks.honest [--runs 100]`.

Writes benchmarks/results/honest.json and docs/honest_evaluation.md.  The truth is known because the districts are made
up (models.learning.honest.simulated).
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import Any, NamedTuple

from threadpoolctl import threadpool_limits

from models.learning.honest.baselines import baselines
from models.learning.honest.calibration import Fewest
from models.learning.honest.coverage import coverage, run
from models.learning.honest.intervals import Interval
from models.learning.honest.report import Evaluation, evaluate, plain
from models.learning.honest.sample import chosen, sample_of
from models.learning.honest.simulated import DAY, WAYS, Way, district, quarters
from models.parameters import value_on

RESULT = Path(__file__).with_name("results") / "honest.json"
TEMPLATE = Path(__file__).with_name("honest_page.md")
PAGE = Path(__file__).parents[1] / "docs" / "honest_evaluation.md"
RUNS, DRAWS, FIRST_SEED = 100, 400, 20260
MUST_COVER = 93
WORDS = {
    "naive": "the visited only",
    "weighted": "weighted by chance of a visit",
    "draws": "visits of known chance",
}


class Setting(NamedTuple):
    name: str
    way: Way
    n: int
    villages: int
    capacity: int
    days: int = 1


SETTINGS = (
    *(Setting(way.name, way, 3000, 120, 300) for way in WAYS),
    Setting("as the first, a district of 800 children", WAYS[0], 800, 40, 80),
    Setting("as the first, four quarters together", WAYS[0], 3000, 120, 300, days=4),
)


def fewest() -> Fewest:
    names = ("bands", "fewest_children", "fewest_events", "fewest_villages")
    return Fewest(*(value_on(f"calibration_{name}", DAY) for name in names))


def covered(setting: Setting, runs: int) -> dict[str, Any]:
    """One setting over so many districts."""
    found = [
        run(
            quarters(setting.way, seed, setting.days, setting.n, setting.villages),
            setting.capacity,
            fewest(),
            DRAWS,
            seed,
        )
        for seed in range(FIRST_SEED, FIRST_SEED + runs)
    ]
    return {"setting": setting.name, "children": setting.n, **plain(coverage(found))}


def example(seed: int = FIRST_SEED) -> tuple[Evaluation, dict[str, float]]:
    """One district judged as a report would, with all baselines, and the true recall of each."""
    before, now = (district(WAYS[0], seed + number, world=seed) for number in (1000, 0))
    scorers = {"card": now.scores._replace(training=before.values)}
    scorers |= baselines(before.cases, now.cases, now.facts, seed)
    found = evaluate(now.cases, scorers, 300, ("sex",), seed, now.facts, before.cases)
    day = sample_of(now.cases).day
    truth = {}
    for name, one in scorers.items():
        part = chosen(one.values, day, 300)
        truth[name] = float((part * now.truth).sum() / now.truth.sum())
    return found, truth


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=RUNS)
    runs = parser.parse_args().runs
    begun = time.process_time()
    settings = []
    with threadpool_limits(limits=1):  # many small products: more threads only wait for each other
        for one in SETTINGS:
            settings.append(covered(one, runs))
            print(one.name, settings[-1]["recall"], settings[-1]["bands"], flush=True)
        found, truth = example()
    result = {"runs": runs, "settings": settings, "example": {**found.document(), "truth": truth}}
    result["cpu_seconds"] = round(time.process_time() - begun)
    RESULT.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", "utf-8")
    PAGE.write_text(page(result), "utf-8")


def page(result: dict[str, Any]) -> str:
    """The page from the results."""
    return TEMPLATE.read_text("utf-8").format(
        runs=result["runs"],
        coverage=coverage_table(result["settings"]),
        bands=bands_table(result["settings"]),
        orders=orders_table(result["example"]),
        calibration=calibration_table(result["example"]["scorers"][0]["by_draws"]),
        seconds=result["cpu_seconds"],
        must=MUST_COVER,
    )


def coverage_table(settings: list[dict[str, Any]]) -> str:
    rows = [
        "| visits are made … | children | figure from | recall covered, of 100 | width | off by | alarm, of 100 |",
        "| --- | ---: | --- | ---: | ---: | ---: | ---: |",
    ]
    for one in settings:
        for way, words in WORDS.items():
            alarm = f"{one['alarms'][way]:.0f}" if way in one["alarms"] else ""
            rows.append(
                f"| {one['setting']} | {one['children']:,} | {words} | {one['recall'][way]:.0f} "
                f"| {one['width'][way]:.0f} | {one['error'][way]:+.0f} | {alarm} |"
            )
    return "\n".join(rows)


def bands_table(settings: list[dict[str, Any]]) -> str:
    heads = " | ".join(f"{words}: covered, of 100 (bands stated)" for words in WORDS.values())
    rows = [f"| visits are made … | {heads} | placebo covers 0.5 | bounds hold |", "| --- |" + " ---: |" * 5]
    for one in settings:
        cells = []
        for way in WORDS:
            share = "no statement" if one["bands"][way] is None else f"{one['bands'][way]:.0f}"
            cells.append(f"{share} ({one['stated'][way]:.1f})")
        rows.append(
            f"| {one['setting']} | {' | '.join(cells)} | {one['placebo']:.0f} | {one['in_bounds']:.0f} |"
        )
    return "\n".join(rows)


def orders_table(found: dict[str, Any]) -> str:
    rows = [
        "| order | true recall | the visited only | weighted | visits of known chance | found less than the ceiling |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for one in found["scorers"]:
        cells = [told(Interval(**ways["at_capacity"]["recall"])) for ways in one["three_ways"]["figures"]]
        price = told(Interval(**one["prices"][0]["by_draws"]), 1, "") if one["prices"] else ""
        name, truth = one["name"].replace("_", " "), found["truth"][one["name"]]
        rows.append(f"| {name} | {100 * truth:.0f} % | {' | '.join(cells)} | {price} |")
    return "\n".join(rows)


def calibration_table(table: dict[str, Any]) -> str:
    rows = [
        "| points | children | seen | serious | villages | of a hundred |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for one in table["bands"]:
        estimate = told(Interval(**one["estimate"]), sign="")
        rows.append(
            f"| {one['low']:.0f} … {one['high']:.0f} | {one['n_listed']:,} | {one['n']:,} | {one['n_serious']} "
            f"| {one['n_villages']} | {estimate} |"
        )
    return "\n".join(rows)


def told(one: Interval, factor: float = 100, sign: str = " %") -> str:
    if one.value is None or one.low is None or one.high is None:
        return "no statement"
    return f"{factor * one.value:.0f}{sign} ({factor * one.low:.0f} … {factor * one.high:.0f})"


if __name__ == "__main__":
    main()
