"""The definition sheets as one self-contained HTML page, as Markdown, or one sheet as a piece of a page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from html import escape
from pathlib import Path

from dashboard.exports.web_page import POLICY
from dashboard.texts import text
from dashboard.views.definition import Parameter, Sheet
from dashboard.views.example import Shown

STYLE = Path(__file__).with_name("definition_page.css")
SHEET_STYLE = Path(__file__).parents[1] / "assets" / "definition.css"  # the page draws a sheet with it too


def page_of(lang: str, sheets: Sequence[Sheet], day: date) -> str:
    """The whole document: a table of contents by chapter, then sheet after sheet."""
    title = escape(text(lang, "definitions.title"))
    subtitle = escape(text(lang, "definitions.subtitle", n=len(sheets), day=day.isoformat()))
    body = "\n".join(_chapters(lang, sheets))
    return (
        f'<!DOCTYPE html>\n<html lang="{"zh-CN" if lang == "zh" else "en"}"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{STYLE.read_text('utf-8')}{SHEET_STYLE.read_text('utf-8')}</style></head>\n"
        f"<body><header><h1>{title}</h1>"
        f'<p class="subtitle">{subtitle}</p><p>{escape(text(lang, "definitions.intro"))}</p></header>\n'
        f'<nav aria-label="{escape(text(lang, "definitions.contents"))}">{_contents(sheets)}</nav>\n'
        f"<main>{body}</main></body></html>\n"
    )


def _by_chapter(sheets: Sequence[Sheet]) -> dict[str, list[Sheet]]:
    found: dict[str, list[Sheet]] = {}
    for one in sheets:
        found.setdefault(one.chapter, []).append(one)
    return found


def _contents(sheets: Sequence[Sheet]) -> str:
    parts = []
    for chapter, mine in _by_chapter(sheets).items():
        links = "".join(
            f'<li><a href="#{one.code}"><b>{one.code}</b> {escape(one.title)}</a></li>' for one in mine
        )
        parts.append(f"<section><h2>{escape(chapter)}</h2><ol>{links}</ol></section>")
    return "".join(parts)


def _chapters(lang: str, sheets: Sequence[Sheet]) -> list[str]:
    parts = []
    for chapter, mine in _by_chapter(sheets).items():
        parts.append(f'<h2 class="chapter">{escape(chapter)}</h2>')
        for one in mine:
            head = f"<h3><small>{one.code}</small> {escape(one.title)}</h3>"
            parts.append(f'<article class="sheet" id="{one.code}">{head}{sheet_html(lang, one)}</article>')
    return parts


def sheet_html(lang: str, sheet: Sheet) -> str:
    """One sheet without its title, as escaped HTML; the page draws it with the same classes."""
    facts = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{escape(words)}</dd></div>" for name, words in sheet.facts
    )
    parts = ""
    if sheet.parts:
        items = "".join(f"<li>{escape(one)}</li>" for one in sheet.parts)
        parts = f'<div><dt>{_text(lang, "parts")}</dt><dd><ul class="parts">{items}</ul></dd></div>'
    article = (
        f"<div><dt>{_text(lang, 'article')}</dt><dd><b>{escape(sheet.article)}</b> "
        f"<q>{escape(sheet.article_words)}</q></dd></div>"
    )
    partners = "".join(f"<li>{escape(one)}</li>" for one in sheet.partners)
    beside = f'<ul class="parts">{partners}</ul>' if partners else ""
    return (
        f'<p class="question">{escape(sheet.question)}</p><dl class="meanings">{facts}{parts}{article}'
        f'<div><dt>{_text(lang, "partners")}</dt><dd>{beside}<span class="why">{escape(sheet.partner_words)}</span>'
        f"</dd></div></dl>{_parameters(lang, sheet.parameters)}{_example(lang, sheet)}"
        f'<details class="query"><summary>{_text(lang, "sql")}</summary><pre><code>{escape(sheet.sql)}</code></pre>'
        f'</details><p class="signed">{escape(sheet.provenance)}</p>'
    )


def _text(lang: str, name: str) -> str:
    return escape(text(lang, f"definitions.{name}"))


def _parameters(lang: str, parameters: Sequence[Parameter]) -> str:
    title = f"<h4>{_text(lang, 'parameters')}</h4>"
    if not parameters:
        return f'{title}<p class="why">{_text(lang, "no_parameters")}</p>'
    heads = [
        text(lang, f"definitions.{name}") for name in ("parameter", "parameter_value", "since", "source")
    ]
    rows = []
    for one in parameters:
        mark = f'<span class="mark">{_text(lang, "confirm")}</span>' if one.is_to_confirm else ""
        cells = "".join(f"<td>{escape(words)}</td>" for words in (one.value, one.since))
        rows.append(
            f'<tr><th scope="row">{escape(one.name)}</th>{cells}<td>{escape(one.source)} {mark}</td></tr>'
        )
    return f'{title}<div class="frame" tabindex="0"><table>{_heads(heads)}<tbody>{"".join(rows)}</tbody></table></div>'


def _heads(heads: Sequence[str]) -> str:
    return "<thead><tr>" + "".join(f'<th scope="col">{escape(one)}</th>' for one in heads) + "</tr></thead>"


def _example(lang: str, sheet: Sheet) -> str:
    note = escape(text(lang, "definitions.example_note", day=sheet.example.day))
    delivered = "".join(table_html(lang, one) for one in sheet.example.delivered)
    results = [one for one in (sheet.example.cases, sheet.example.figures) if one is not None]
    shown = "".join(table_html(lang, one, is_result=True) for one in results)
    return (
        f'<section class="example"><h4>{_text(lang, "example")}</h4><p class="why">{note}</p>'
        f'<div class="beside"><div><h5>{_text(lang, "delivered")}</h5>{delivered}</div>'
        f"<div>{shown}</div></div></section>"
    )


def table_html(lang: str, table: Shown, is_result: bool = False) -> str:
    """One table of the example."""
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in table.rows
    )
    caption = f"<h5>{escape(table.caption)}</h5>" if is_result else f"<h6>{escape(table.caption)}</h6>"
    more = (
        f'<p class="why">{escape(text(lang, "definitions.more", n=table.n_more))}</p>' if table.n_more else ""
    )
    kind = "frame result" if is_result else "frame"
    inside = f"<table>{_heads(table.heads)}<tbody>{body}</tbody></table>"
    return f'{caption}<div class="{kind}" tabindex="0">{inside}</div>{more}'


def markdown_of(lang: str, sheets: Sequence[Sheet], day: date) -> str:
    """The whole document as Markdown, the query in a fold that common readers understand."""
    lines = [
        f"# {text(lang, 'definitions.title')}", "",
        text(lang, "definitions.subtitle", n=len(sheets), day=day.isoformat()), "",
        text(lang, "definitions.intro"), "",
    ]  # fmt: skip
    for chapter, mine in _by_chapter(sheets).items():
        lines += [f"## {chapter}", ""]
        for one in mine:
            lines += _markdown_sheet(lang, one)
    return "\n".join(lines)


def _markdown_sheet(lang: str, sheet: Sheet) -> list[str]:
    between = text(lang, "mark.between_words")
    facts = [*sheet.facts]
    if sheet.parts:
        facts.append((text(lang, "definitions.parts"), between.join(sheet.parts)))
    facts.append((text(lang, "definitions.article"), f"{sheet.article} {sheet.article_words}"))
    beside = between.join(sheet.partners)
    facts.append((text(lang, "definitions.partners"), f"{beside} {sheet.partner_words}".strip()))
    lines = [f"### {sheet.code} {sheet.title}", "", f"**{_marked(sheet.question)}**", ""]
    lines += [f"- **{name}** {_marked(words)}" for name, words in facts]
    lines += ["", f"#### {text(lang, 'definitions.parameters')}", ""]
    if sheet.parameters:
        heads = tuple(
            text(lang, f"definitions.{name}") for name in ("parameter", "parameter_value", "since", "source")
        )
        confirm = text(lang, "definitions.confirm")
        rows = tuple(
            (one.name, one.value, one.since, f"{one.source} {confirm if one.is_to_confirm else ''}".strip())
            for one in sheet.parameters
        )
        lines += _markdown_table(heads, rows)
    else:
        lines.append(text(lang, "definitions.no_parameters"))
    lines += ["", f"#### {text(lang, 'definitions.example')}", "",
              text(lang, "definitions.example_note", day=sheet.example.day), ""]  # fmt: skip
    for table in (*sheet.example.delivered, sheet.example.cases, sheet.example.figures):
        if table is not None:
            lines += [f"**{table.caption}**", "", *_markdown_table(table.heads, table.rows), ""]
            lines += [text(lang, "definitions.more", n=table.n_more), ""] if table.n_more else []
    fold = f"<details><summary>{text(lang, 'definitions.sql')}</summary>"
    return [*lines, fold, "", "```sql", sheet.sql, "```", "", "</details>", "", f"*{sheet.provenance}*", ""]


def _markdown_table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    lines = [heads, ["---"] * len(heads), *rows]
    return ["| " + " | ".join(_marked(cell) for cell in line) + " |" for line in lines]


def _marked(words: str) -> str:
    return words.replace("\\", "\\\\").replace("|", "\\|").replace("*", "\\*").replace("\n", " ")
