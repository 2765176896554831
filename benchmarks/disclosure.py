"""How much the protection hides beside the least that would do: `python -m benchmarks.disclosure`.

Small random districts, one column each.  The optimum is found by trying every set of further cells, the cheapest
first, and judging it as the protection does; so ours is never below it.  Counted are the cells hidden beyond those
that are hidden for their own size, which nobody can choose.
"""

from __future__ import annotations

import itertools
import json
import random
import time
from pathlib import Path
from typing import Any

import numpy as np

from models.disclosure.protect import Cells, Mark, Rule, first_marks, narrow_cells, protect
from models.disclosure.relations import Count, Relations
from models.disclosure.tables import Place, table

RESULT = Path(__file__).with_name("results") / "disclosure.json"
RULE = Rule(small=5, base=5)
TABLES, MOST_CELLS = 200, 13
NOTHING_KNOWN = Relations(public=(), known_total=(), of_total=(), implied=(), same=(), part=())
COLUMN = Count("X", "", "yes")


def district(chance: random.Random) -> Cells:
    """Two or three townships of one to four villages with few or many children of some kind."""
    places = [Place("d", "district", None)]
    amounts: dict[tuple[Count, str], int] = {}
    for township in range(chance.randint(2, 3)):
        name = f"t{township}"
        places.append(Place(name, "township", "d"))
        for village in range(chance.randint(1, 4)):
            places.append(Place(f"{name}v{village}", "village", name))
            amounts[COLUMN, f"{name}v{village}"] = chance.choice((0, 3, 6, 9, 12, 20, 33, 50))
    for place in places:
        if place.level != "village":
            inside = [n for (_, area), n in amounts.items() if "v" in area and _is_in(area, place.area)]
            amounts[COLUMN, place.area] = sum(inside)
    return table([COLUMN], places, amounts, NOTHING_KNOWN, RULE).cells


def _is_in(village: str, area: str) -> bool:
    return area == "d" or village.startswith(area)


def fewest_more(cells: Cells) -> int:
    """The smallest number of further cells that protects every hidden one, by trying all."""
    begun = first_marks(cells, RULE)
    # A span that hiding everything would not give can't be asked for.
    everything = np.where(begun == Mark.SHOWN, int(Mark.WITHHELD), begun)
    hopeless = set(narrow_cells(cells, everything, RULE).tolist())
    free = np.flatnonzero(begun == Mark.SHOWN)
    for n in range(len(free) + 1):
        for chosen in itertools.combinations(free.tolist(), n):
            marks = begun.copy()
            marks[list(chosen)] = int(Mark.WITHHELD)
            if not set(narrow_cells(cells, marks, RULE).tolist()) - hopeless:
                return n
    return len(free)


def measure(tables: int = TABLES, seed: int = 0) -> dict[str, Any]:
    """Cells hidden by us and by the optimum over random districts."""
    chance, pairs, begun_at = random.Random(seed), [], time.perf_counter()
    n_cells = n_small = 0
    while len(pairs) < tables:
        cells = district(chance)
        if len(cells.counts) > MOST_CELLS:
            continue
        small = int(np.count_nonzero(first_marks(cells, RULE) != Mark.SHOWN))
        ours = int(np.count_nonzero(protect(cells, RULE) != Mark.SHOWN)) - small
        pairs.append((ours, fewest_more(cells)))
        n_cells, n_small = n_cells + len(cells.counts), n_small + small
    ours, best = (sum(one[side] for one in pairs) for side in (0, 1))
    return {
        "tables": tables,
        "seed": seed,
        "small_number": RULE.small,
        "base": RULE.base,
        "cells": n_cells,
        "hidden_for_their_size": n_small,
        "hidden_besides_ours": ours,
        "hidden_besides_optimum": best,
        "share_hidden_ours": round((n_small + ours) / n_cells, 4),
        "share_hidden_optimum": round((n_small + best) / n_cells, 4),
        "mean_ratio": round(ours / best, 3) if best else 1.0,
        "tables_at_the_optimum": sum(ours == best for ours, best in pairs),
        "most_cells_too_many": max(ours - best for ours, best in pairs),
        "seconds": round(time.perf_counter() - begun_at, 1),
    }


if __name__ == "__main__":
    found = measure()
    RESULT.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", "utf-8")
    print(json.dumps(found, indent=1))
