"""The data dictionary: every table and column of the contracts in words, in Chinese or English.

Columns, types, units, keys, code lists with their codes, ranges, checks, owner, section, sensitivity and the forms that
write them all come from the contracts and forms; nothing is written down twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Any, NamedTuple

from data_contracts.clauses import cited_in, clauses
from data_contracts.contract import Column, Contract, contracts
from data_contracts.dictionary_words import (
    DEPARTMENTS,
    EFFECTS,
    SENSITIVITY,
    SENTENCES,
    TYPES,
    UNITS,
    WORDS,
)
from data_contracts.forms import Form, forms
from data_contracts.vocabularies import vocabularies


class Block(NamedTuple):
    """One part: a heading with its level, paragraphs, or a table with heads."""

    heading: str
    level: int
    lines: tuple[str, ...] = ()
    heads: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


def _at(pair: tuple[str, str], lang: str) -> str:
    return pair[0] if lang == "zh" else pair[1]


def named(thing: Any, lang: str) -> str:
    """The name in words, with the program's name in brackets."""
    return f"{getattr(thing, lang)} ({thing.name})" if lang == "en" else f"{thing.zh}（{thing.name}）"


def type_words(column: Column, lang: str) -> str:
    """The value type in words; KeyError for a type that has none yet."""
    return _at(TYPES[column.type], lang)


def unit_of(column: Column, lang: str) -> str:
    """The unit of a number: what its own name says it counts, yuan, or nothing."""
    if column.type == "int":
        for ending, pair in (
            ("minutes", ("分钟", "minutes")), ("days", ("天", "days")), ("hours", ("小时", "hours")),
            ("years", ("年", "years")), ("lessons", ("课时", "lessons")), ("score", ("分", "points")),
            ("total", ("分", "points")),
        ):  # fmt: skip
            if column.name.endswith(ending):
                return _at(pair, lang)
        return _at(("个（次、人）", "count"), lang)
    return _at(UNITS.get(column.type, ("", "")), lang)


def range_words(column: Column, lang: str) -> str:
    """Limits, form, and whether the future or a month alone is allowed, in words."""
    words, said = WORDS[lang], []
    if column.minimum is not None and column.maximum is not None:
        said.append(words["between"].format(low=column.minimum, high=column.maximum))
    elif column.minimum is not None:
        said.append(words["at_least"].format(low=column.minimum))
    elif column.maximum is not None:
        said.append(words["at_most"].format(high=column.maximum))
    if column.pattern:
        said.append(words["pattern"])
    said += [words[name] for name in ("not_in_future", "month_allowed") if getattr(column, name)]
    return ("；" if lang == "zh" else "; ").join(said)


def headings_of(table: str, column: str) -> list[tuple[Form, str]]:
    """The forms and headings that write a column, copies included."""
    found = []
    for form in forms().values():
        for one in form.columns:
            if (one.target[0], one.target[2]) == (table, column):
                found.append((form, one.heading))
        for target in form.tables:
            if target.table == table and column in target.copies:
                found.append((form, target.copies[column]))
    return found


def checks_of(contract: Contract, lang: str) -> list[tuple[str, str]]:
    """(what is checked, what happens if it fails), column by column, then the row's own, then the key."""
    found = []
    for column in contract.columns:
        name, cell = getattr(column, lang), EFFECTS["unknown_cell"]
        if column.required:
            found.append(
                (_at(SENTENCES["required"], lang).format(column=name), _at(EFFECTS["required"], lang))
            )
        if column.vocabulary:
            found.append((_at(SENTENCES["codes"], lang).format(column=name), _at(cell, lang)))
        if column.minimum is not None or column.maximum is not None:
            limits = range_words(
                column._replace(pattern=None, not_in_future=False, month_allowed=False), lang
            )
            found.append((_at(SENTENCES["range"], lang).format(column=name, range=limits), _at(cell, lang)))
        if column.pattern:
            found.append((_at(SENTENCES["form"], lang).format(column=name), _at(cell, lang)))
        if column.not_in_future:
            found.append((_at(SENTENCES["future"], lang).format(column=name), _at(cell, lang)))
    found += [(getattr(check, lang), _at(EFFECTS[check.effect], lang)) for check in contract.checks]
    keys = _key(contract, lang)
    found.append((_at(SENTENCES["key"], lang).format(key=keys), _at(EFFECTS["reject_row"], lang)))
    return found


def _key(contract: Contract, lang: str) -> str:
    between = "、" if lang == "zh" else ", "
    return between.join(getattr(contract.column(name), lang) for name in contract.key)


def clause_words(cited: str, lang: str) -> str:
    """An article's number with what it says, in the language."""
    found = clauses().get(cited)
    if found is None:
        return cited
    return f"{found.zh}（{found.document} {cited}）" if lang == "zh" else f"{found.en} ({cited})"


def owner_words(contract: Contract, lang: str) -> str:
    """The department that answers for a table."""
    return contract.owner if lang == "zh" else DEPARTMENTS.get(contract.owner, contract.owner)


def blocks(lang: str) -> Iterator[Block]:
    """The whole dictionary, part by part."""
    words, tables = WORDS[lang], list(contracts().values())
    n_columns = sum(len(contract.columns) for contract in tables)
    yield Block(words["title"], 1, (words["intro"].format(tables=len(tables), columns=n_columns),))
    listed = tuple((named(one, lang), owner_words(one, lang), str(len(one.columns))) for one in tables)
    yield Block(words["contents"], 2, (), (words["table"], words["owner"], words["columns"]), listed)
    for contract in tables:
        yield from _table(contract, lang)
    yield Block(words["vocabularies"], 2)
    for name, vocabulary in vocabularies().items():
        rows = tuple((one.code, one.zh if lang == "zh" else one.en) for one in vocabulary.values)
        title = getattr(vocabulary, lang, None) or name
        yield Block(f"{title} ({name})", 3, (), (words["code"], words["word"]), rows)


def _table(contract: Contract, lang: str) -> Iterator[Block]:
    words = WORDS[lang]
    writing = [form for form in forms().values() if any(one.table == contract.name for one in form.tables)]
    between = "、" if lang == "zh" else ", "
    colon = "：" if lang == "zh" else ": "
    from_forms = between.join(getattr(form, lang) for form in writing) or words["no_form"]
    lines = (
        f"{words['owner']}{colon}{owner_words(contract, lang)}",
        *(f"{words['clause']}{colon}{clause_words(one, lang)}" for one in cited_in(contract.clause)),
        f"{words['key']}{colon}{_key(contract, lang)}",
        f"{words['forms']}{colon}{from_forms}",
    )
    heads = ("column", "type", "unit", "range", "codes", "must", "sensitivity", "written_by")
    rows = tuple(_column_row(contract, column, lang) for column in contract.columns)
    yield Block(named(contract, lang), 2, lines, tuple(words[head] for head in heads), rows)
    checks = tuple(checks_of(contract, lang))
    yield Block(words["checks"], 3, (), (words["check"], words["effect"]), checks)


def _column_row(contract: Contract, column: Column, lang: str) -> tuple[str, ...]:
    words, between = WORDS[lang], "、" if lang == "zh" else ", "
    written = dict.fromkeys(
        f"{getattr(form, lang)}·{head}" for form, head in headings_of(contract.name, column.name)
    )
    codes = ""
    if column.vocabulary:
        values = vocabularies()[column.vocabulary].values
        codes = between.join(f"{getattr(one, lang)} ({one.code})" for one in values)
    cells = (
        named(column, lang), type_words(column, lang), unit_of(column, lang), range_words(column, lang), codes,
        words["yes" if column.required else "no"], _at(SENSITIVITY[column.classification], lang), between.join(written),
    )  # fmt: skip
    return tuple(cell or words["none"] for cell in cells)


def as_markdown(lang: str) -> str:
    """The dictionary as one Markdown document."""
    parts = []
    for block in blocks(lang):
        parts.append(f"{'#' * block.level} {block.heading}\n")
        parts += [f"{line}\n" for line in block.lines]
        if block.heads:
            lines = [block.heads, tuple("---" for _ in block.heads), *block.rows]
            parts.append(
                "\n".join("| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines) + "\n"
            )
    return "\n".join(parts)


def _cell(text: str) -> str:
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("\n", " ")


STYLE = (
    "body{font-family:'Noto Sans CJK SC','Microsoft YaHei',sans-serif;margin:2rem;color:#14262b}"
    "table{border-collapse:collapse;margin:.6rem 0 1.4rem;width:100%}"
    "th,td{border:1px solid #c9d6d8;padding:.3rem .5rem;text-align:left;vertical-align:top;font-size:.88rem}"
    "th{background:#eef4f4}h2{margin-top:2.4rem}p{margin:.2rem 0}"
)


def as_html(lang: str) -> str:
    """The dictionary as one page without any outside file."""
    parts = [
        f'<!doctype html><html lang="{"zh-CN" if lang == "zh" else "en"}"><head><meta charset="utf-8">',
        f"<title>{escape(WORDS[lang]['title'])}</title><style>{STYLE}</style></head><body>",
    ]
    for block in blocks(lang):
        parts.append(f"<h{block.level}>{escape(block.heading)}</h{block.level}>")
        parts += [f"<p>{escape(line)}</p>" for line in block.lines]
        if block.heads:
            head = "".join(f"<th>{escape(one)}</th>" for one in block.heads)
            body = "".join(
                "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in block.rows
            )
            parts.append(f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>")
    return "\n".join([*parts, "</body></html>\n"])
