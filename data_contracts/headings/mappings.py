"""What an officer says about a form that no list foresees: asked for, confirmed once, known from then on.

One TOML file a question or answer, below `<store>/mappings`: `waiting/` holds the questions, the folder itself what
was confirmed, `earlier/` what a later confirmation replaced.  They hold headings, never a cell below them.
"""

from __future__ import annotations

import hashlib
import json
import os
import tomllib
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from data_contracts import values
from data_contracts.forms import FormColumn, forms
from data_contracts.headings.headers import Match
from data_contracts.headings.heading_words import HeaderRows, column_letter, header_candidates

IGNORE = "ignore"
EVERYONE = "*"
CANDIDATES_SHOWN = 3
LEAST_SHOWN = 0.2  # below it a candidate helps nobody


class MappingProblem(ValueError):
    """A mapping that cannot be used: the file, the key, what was expected (a code of the texts) and found."""

    def __init__(self, file: str, key: str, expected: str, found: str, detail: str = "") -> None:
        self.file, self.key, self.expected, self.found, self.detail = file, key, expected, found, detail
        super().__init__(f"{file}, {key}: expected {expected} {detail}, found {found!r}")


class Hint(BaseModel):
    """What is known of a column besides its heading: its letter, the kind of its content, what it may be."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    letter: str = ""
    kind: str
    certainty: float = 0.0
    candidates: dict[str, float] = {}


class Mapping(BaseModel):
    """One form of one sender: heading → the form's heading, `ignore`, or "" where nobody has decided yet."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    form: str
    sender: str
    fingerprint: str
    sheet: str = ""
    file: str = ""
    delivery: str = ""
    sender_given: bool = False
    confirmed_by: str = ""
    confirmed_at: str = ""
    columns: dict[str, str]
    hints: dict[str, Hint] = {}

    @property
    def name(self) -> str:
        """The file's name: one for each sender and form."""
        sender = hashlib.sha256(values.simplified(self.sender).encode()).hexdigest()[:8]
        return f"{self.fingerprint}-{sender}.toml"


def fingerprint(names: Sequence[str]) -> str:
    """Tells one row of headings from every other; empty cells at its end don't count."""
    last = max((i for i, name in enumerate(names) if name), default=-1)
    return hashlib.sha256("\x1f".join(names[: last + 1]).encode()).hexdigest()[:16]


def keys_of(names: Sequence[str]) -> dict[str, int]:
    """Each heading with its column; one that stands again is told by its number: 备注 [2]."""
    keys: dict[str, int] = {}
    for index, name in enumerate(names):
        if not name:
            continue
        again = sum(1 for other in names[:index] if other == name)
        keys[f"{name} [{again + 1}]" if again else name] = index
    return keys


def question(found: Match, kinds: dict[int, str], sender: str | None, given: bool) -> Mapping:
    """What an officer is asked about a sheet: what is certain is filled in, what is not stays empty."""
    columns, hints = {}, {}
    certain = {one.place: one.certainty for one in found.guessed}
    for key, index in keys_of(found.names).items():
        taken = found.columns.get(index)
        columns[key] = taken.heading if taken else ""
        candidates = {
            one.column.heading: round(one.certainty, 2)
            for one in found.candidates.get(index, [])[:CANDIDATES_SHOWN]
            if one.certainty >= LEAST_SHOWN
        }
        sure = round(certain.get(index, 1.0), 2) if taken else max(candidates.values(), default=0.0)
        hints[key] = Hint(
            letter=column_letter(index), kind=kinds.get(index, "empty"), certainty=sure, candidates=candidates
        )
    return Mapping(form=found.form.id, sender=sender or "", fingerprint=fingerprint(found.names),
                   sender_given=given, columns=columns, hints=hints)  # fmt: skip


def read(path: Path) -> Mapping:
    """A mapping file, strictly; MappingProblem names the file, the key, what was expected and found."""
    try:
        return Mapping.model_validate(tomllib.loads(path.read_text("utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise MappingProblem(path.name, "—", "toml", str(problem)[:120]) from problem
    except ValidationError as problem:
        first = problem.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        code = {"missing": "present", "extra_forbidden": "no_such_key"}.get(first["type"], "kind")
        raise MappingProblem(
            path.name, key, code, "" if code == "present" else str(first["input"])[:60]
        ) from None


def check(mapping: Mapping, file: str) -> None:
    """Every heading is decided and names a heading of the form once, and no required one is missing."""
    form = forms().get(mapping.form)
    if form is None:
        raise MappingProblem(file, "form", "form", mapping.form, "、".join(forms()))
    headings = [column.heading for column in form.columns]
    stands: dict[str, str] = {}
    for key, meant in mapping.columns.items():
        if not meant:
            raise MappingProblem(file, key, "decided", meant)
        if meant == IGNORE:
            continue
        if meant not in headings:
            raise MappingProblem(file, key, "heading", meant, "、".join(headings))
        if meant in stands:
            raise MappingProblem(file, key, "once", meant, stands[meant])
        stands[meant] = key
    for column in form.columns:
        if column.required and column.heading not in stands:
            raise MappingProblem(file, "columns", "required", "—", column.heading)


def applied(mapping: Mapping, header: HeaderRows, file: str) -> Match:
    """The sheet's form as the officer confirmed it; MappingProblem for a heading that the sheet lacks or adds."""
    form, at = forms()[mapping.form], keys_of(header.names)
    by_heading: dict[str, FormColumn] = {column.heading: column for column in form.columns}
    for key in mapping.columns:
        if key not in at:
            raise MappingProblem(file, key, "sheet_heading", key, "、".join(at))
    for key in at:
        if key not in mapping.columns:
            raise MappingProblem(file, "columns", "sheet_heading_decided", "—", key)
    columns = {at[k]: by_heading[meant] for k, meant in mapping.columns.items() if meant != IGNORE}
    return Match(form, header.first_row, header.height, columns, [], [], [], header.names, {}, confirmed=True)


class Mappings:
    """The mappings of a store."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._known: dict[tuple[str, str], Mapping] = {}
        for path in sorted(folder.glob("*.toml")):
            self.add(read(path))

    def add(self, mapping: Mapping) -> None:
        """Know a mapping in this process."""
        self._known[mapping.fingerprint, values.simplified(mapping.sender)] = mapping

    def answer(self, print_of_headings: str, sender: str | None) -> Mapping | None:
        """What was confirmed for these headings from this sender, else for these headings from everyone."""
        own = self._known.get((print_of_headings, values.simplified(sender or "")))
        return own or self._known.get((print_of_headings, EVERYONE))

    def find(
        self, rows: Sequence[Sequence[str]], sender_above: Callable[[int], str | None]
    ) -> tuple[Mapping, Match] | None:
        """The confirmed form of a sheet; `sender_above` says who is named above a row."""
        if not self._known:
            return None
        for header in header_candidates(rows):
            mapping = self.answer(fingerprint(header.names), sender_above(header.first_row))
            if mapping:
                return mapping, applied(mapping, header, mapping.name)
        return None

    def confirm(self, mapping: Mapping, by: str, at: datetime) -> Mapping:
        """Keep a checked mapping with who confirmed it and when; the one that it replaces is kept too."""
        self.folder.mkdir(parents=True, exist_ok=True)
        confirmed = mapping.model_copy(
            update={"confirmed_by": by, "confirmed_at": at.isoformat(timespec="seconds"), "hints": {}}
        )
        target = self.folder / confirmed.name
        if target.exists():
            earlier = self.folder / "earlier"
            earlier.mkdir(exist_ok=True)
            n = sum(1 for _ in earlier.glob(f"{target.stem}-*.toml"))
            target.replace(earlier / f"{target.stem}-{n + 1}.toml")
        write(confirmed, target)
        self.add(confirmed)
        return confirmed

    @property
    def confirmed(self) -> list[Mapping]:
        """All that officers confirmed, newest first."""
        return sorted(self._known.values(), key=lambda one: one.confirmed_at, reverse=True)

    def questions(self) -> dict[Path, Mapping]:
        """The questions that nobody has answered yet and the files that they stand in, by file and sheet."""
        found = {path: read(path) for path in (self.folder / "waiting").glob("*.toml")}
        return dict(sorted(found.items(), key=lambda pair: (pair[1].file, pair[1].sheet, pair[0].name)))

    def waiting(self) -> list[Mapping]:
        """The questions that nobody has answered yet."""
        return list(self.questions().values())

    def ask(self, delivery: str, questions: Sequence[Mapping]) -> None:
        """Put a delivery's questions in place of those that it had."""
        folder = self.folder / "waiting"
        kept = {f"{delivery}-{n}.toml": one for n, one in enumerate(questions)}
        if kept:
            folder.mkdir(parents=True, exist_ok=True)
        for name, one in kept.items():
            write(one, folder / name)
        for path in folder.glob(f"{delivery}-*.toml"):
            if path.name not in kept:
                path.unlink()


_HEAD = """# 表头对照 / which heading is which
# 右边写本系统表里的表头；不要的列写 "ignore"。改好后运行：shouhu intake 文件 --map 本文件
# Right: a heading of the form; "ignore" for a column that is not wanted. Then: shouhu intake FILE --map THIS
"""


def as_toml(mapping: Mapping) -> str:
    """The mapping as an officer can mend it: one line a heading, what it may be behind it."""
    form = forms().get(mapping.form)
    lines = [_HEAD + (f"# {form.zh} / {form.en}" if form else "")]
    plain = mapping.model_dump(exclude={"columns", "hints"}, exclude_defaults=True)
    lines += [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in plain.items()]
    lines += ["", "[columns]"]
    for key, meant in mapping.columns.items():
        hint = mapping.hints.get(key)
        remark = "、".join(f"{name} {share:.0%}" for name, share in hint.candidates.items()) if hint else ""
        line = f"{json.dumps(key, ensure_ascii=False)} = {json.dumps(meant, ensure_ascii=False)}"
        lines.append(f"{line}  # {remark}" if remark else line)
    for key, hint in mapping.hints.items():
        lines += ["", f"[hints.{json.dumps(key, ensure_ascii=False)}]", f'letter = "{hint.letter}"',
                  f'kind = "{hint.kind}"',
                  f"certainty = {hint.certainty}"]  # fmt: skip
        if hint.candidates:
            inside = ", ".join(
                f"{json.dumps(k, ensure_ascii=False)} = {v}" for k, v in hint.candidates.items()
            )
            lines.append(f"candidates = {{ {inside} }}")
    return "\n".join(lines) + "\n"


def write(mapping: Mapping, target: Path) -> None:
    """Write the file whole or not at all."""
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    with beside.open("w", encoding="utf-8") as file:
        file.write(as_toml(mapping))
        file.flush()
        os.fsync(file.fileno())
    beside.replace(target)
