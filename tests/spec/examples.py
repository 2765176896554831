"""`python -m tests.spec.examples` writes the worked examples of the definition sheets from the spec ledgers."""

from __future__ import annotations

import json
from pathlib import Path

from models.definitions import EXAMPLES
from models.measure import indicators
from tests.spec import ledger

LEDGERS = Path(__file__).parent / "ledgers"
HEAD = "# Written by `python -m tests.spec.examples` from the spec ledgers; a change by hand is lost.\n"


def _list(cells: list[str]) -> str:
    return json.dumps(cells, ensure_ascii=False)


def _example(code: str, path: Path) -> str:
    given = ledger.read(path)
    lines = ["[[example]]", f'code = "{code}"', f"as_of = {given.as_of}"]
    for block in given.blocks:
        columns = [name for name in block.columns if name != "record"]
        lines += [
            "",
            "[[example.table]]",
            f'name = "{block.name}"',
            f"columns = {_list(columns)}",
            "rows = [",
        ]
        lines += [f"  {_list([row[name] for name in columns])}," for row in block.rows]
        lines.append("]")
    return "\n".join(lines) + "\n"


def written() -> str:
    """The text of the file as the ledgers of today make it."""
    paths = {path.stem.split("_")[0].upper(): path for path in LEDGERS.glob("*.txt")}
    return HEAD + "".join("\n" + _example(code, paths[code]) for code in indicators() if code in paths)


if __name__ == "__main__":
    EXAMPLES.write_text(written(), "utf-8")
