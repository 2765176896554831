"""The rules of the house: each takes the root of a tree and gives the breaches that it finds there."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

PACKAGES = ("registry", "data_contracts", "models", "dashboard")
CODE = (*PACKAGES, "notebooks", "benchmarks")
PAGE_LINES = 50
FILE_LINES = 300
LONG_FILES = "docs/decisions/0009-long-files.md"
VAGUE_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "misc"}
# Written in two halves, so that this file doesn't break its own rule.
UNFINISHED = re.compile("|".join([r"\bTO" + r"DO\b", r"\bFIX" + r"ME\b"]))
ADDRESSES = re.compile(
    "|".join(
        [
            "/" + r"work/[a-z]",
            "/" + r"root/\w",
            "/" + r"home/[a-z]\w*/",
            "/" + r"Users/\w",
            "/" + r"tmp/w(?:t)?/\w",
            r"pypi\." + r"org/simple",
            r"files\.python" + r"hosted",
            r"https?://[^\s\"'`]*(?:artif" + r"actory|nex" + r"us|/sim" + r"ple/)",
            r"(?<!emit-)index-" + r"url[ =]",
        ]
    )
)
PINS_WITH_ADDRESS = re.compile(
    r"^\s*(?:-i|-f|--(?:extra-)?index-url|--find-links|--trusted-host)\b|\w://|\s@\s"
)
# Files that may hold such a line, each with its reason; none does.
ADDRESS_EXCEPTIONS: set[str] = set()
TEXT_KINDS = {".py", ".sql", ".toml", ".yaml", ".md", ".txt", ".css", ".html", ".js", ".svg", ".json", ""}


def files(root: Path) -> list[Path]:
    """Tracked files and new ones that nothing ignores; every file where there is no repository."""
    command = ["git", "-C", str(root), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, capture_output=True, check=True).stdout.decode()
        found = [root / name for name in listed.split("\0") if name]
    except (subprocess.CalledProcessError, FileNotFoundError):
        found = [path for path in root.rglob("*") if not {".git", ".venv"} & set(path.parts)]
    return sorted(path for path in found if path.is_file())


def _name(root: Path, path: Path) -> str:
    return path.relative_to(root).as_posix()


def python(root: Path, *folders: str) -> Iterator[tuple[str, Path]]:
    """(name, path) of every Python file, in these folders only where some are named."""
    for path in files(root):
        name = _name(root, path)
        if path.suffix == ".py" and (not folders or name.split("/")[0] in folders):
            yield name, path


def imports(path: Path) -> set[str]:
    """Every module that a file imports, also inside functions and by `import_module("…")`."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {one.name for one in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
        elif isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            called = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if called in ("import_module", "__import__", "importorskip"):
                found.add(str(node.args[0].value))
    return {name.split(".")[0] for name in found}


def shadowed_packages(root: Path) -> list[str]:
    """`streamlit run dashboard/app.py` puts `dashboard/` first on the path: nothing there hides a package."""
    taken = {
        *PACKAGES,
        "notebooks",
        "tests",
        "benchmarks",
        *sys.stdlib_module_names,
        *packages_distributions(),
    }
    inside = {
        path.relative_to(root / "dashboard").parts[0]
        for path in files(root)
        if (root / "dashboard") in path.parents
    }
    return sorted(f"dashboard/{name}" for name in inside if name.removesuffix(".py") in taken)


def folders_that_streamlit_takes_for_pages(root: Path) -> list[str]:
    """Streamlit makes every file of a folder `pages` a page of its own, past our sign-in and rights."""
    names = {_name(root, path.parent) for path in files(root) if _name(root, path).startswith("dashboard/")}
    return sorted(name for name in names if "pages" in name.split("/"))


def thick_pages(root: Path) -> list[str]:
    """A page reads the session, calls a view and draws."""
    pages = [
        path
        for path in files(root)
        if path.suffix == ".py" and path.parent == root / "dashboard" / "app_pages"
    ]
    return [_name(root, path) for path in pages if len(path.read_text("utf-8").splitlines()) > PAGE_LINES]


def vague_names(root: Path) -> list[str]:
    """A module or folder is named after what it does."""
    return [
        name
        for name, _ in python(root)
        if {part.removesuffix(".py") for part in name.split("/")} & VAGUE_NAMES
    ]


def _importers(root: Path, module: str, allowed: tuple[str, ...]) -> list[str]:
    return [
        name for name, path in python(root, *CODE) if not name.startswith(allowed) and module in imports(path)
    ]


def second_doors_to_duckdb(root: Path) -> list[str]:
    """Only `registry/store.py` opens DuckDB."""
    return _importers(root, "duckdb", ("registry/store.py",))


def streamlit_outside_the_pages(root: Path) -> list[str]:
    """Views and everything below them run without Streamlit."""
    doors = ("dashboard/app.py", "dashboard/app_pages/", "dashboard/session.py", "dashboard/server.py")
    return _importers(root, "streamlit", doors)


def great_expectations_outside_the_suites(root: Path) -> list[str]:
    """Importing it costs seconds and hundreds of megabytes: the suites, their adapter, and what measures them."""
    allowed = (
        "data_contracts/judging/suites.py",
        "data_contracts/judging/gx_duckdb.py",
        "benchmarks/checks.py",
    )
    return _importers(root, "great_expectations", allowed)


def excused_long_files(root: Path) -> dict[str, str]:
    """Path → reason of the long files that the decision lists."""
    path = root / LONG_FILES
    text = path.read_text("utf-8") if path.exists() else ""
    return dict(re.findall(r"^\| `([^`]+)` \| (.+?) \|$", text, re.MULTILINE))


def long_files(root: Path) -> list[str]:
    """A file that nobody can hold in the head is split, or says why not."""
    excused = excused_long_files(root)
    return [
        name
        for name, path in python(root)
        if len(path.read_text("utf-8").splitlines()) > FILE_LINES and name not in excused
    ]


def _lines_with(root: Path, pattern: re.Pattern[str], exceptions: set[str]) -> list[str]:
    found = []
    for path in files(root):
        name = _name(root, path)
        if path.suffix in TEXT_KINDS and name not in exceptions:
            for number, line in enumerate(path.read_text("utf-8", errors="replace").splitlines(), 1):
                if pattern.search(line):
                    found.append(f"{name}, line {number}")
    return found


def addresses(root: Path) -> list[str]:
    """No package registry and no folder of somebody's machine is named in what we hand on."""
    return _lines_with(root, ADDRESSES, ADDRESS_EXCEPTIONS)


def unfinished_work(root: Path) -> list[str]:
    """What is left to do stands in an issue or a decision, where it is found."""
    return _lines_with(root, UNFINISHED, set())


def pins_with_an_address(root: Path) -> list[str]:
    """The pinned versions install from wherever the reader's own settings say."""
    path = root / "constraints.txt"
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    return [
        f"constraints.txt, line {number}"
        for number, line in enumerate(lines, 1)
        if PINS_WITH_ADDRESS.search(line)
    ]


RULES = (
    shadowed_packages,
    folders_that_streamlit_takes_for_pages,
    thick_pages,
    vague_names,
    second_doors_to_duckdb,
    streamlit_outside_the_pages,
    great_expectations_outside_the_suites,
    long_files,
    addresses,
    unfinished_work,
    pins_with_an_address,
)
