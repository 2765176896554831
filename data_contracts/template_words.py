"""What a blank form says under each heading: what belongs there, what may be chosen, and an example."""

from __future__ import annotations

from data_contracts.contract import Column, contracts
from data_contracts.forms import Form, FormColumn
from data_contracts.vocabularies import vocabularies

# Where a form writes to something that is no column of a contract: the adult behind a reference.
STANDS_FOR = {("carer", "id_no"): ("person", "id_no"), ("worker", "name"): ("worker", "worker_name")}

EXPECTED = {
    "zh": {
        "date": "日期，写到日，如 2026-09-30；不清楚就空着",
        "month_or_date": "日期，如 2026-09-30；只知道月份写 2026-09",
        "bool": "是 或 否；没有核实过就空着",
        "code": "从下拉清单中选：{choices}",
        "int": "整数{limits}",
        "money": "金额（元）{limits}",
        "idno": "18 位，按文本填写，最后一位可以是 X",
        "month": "月份，如 2026-09",
        "term": "学期，如 2026秋",
        "quarter": "季度，如 2026年3季度",
        "half_year": "半年，如 2026年下半年",
        "year": "年份，如 2026",
        "time": "日期和时间，如 2026-09-30 14:20",
        "area": "村（社区）名称，或行政区划代码",
        "phone": "电话号码，按文本填写",
        "text": "文字",
    },
    "en": {
        "date": "a day, such as 2026-09-30; leave empty if not known",
        "month_or_date": "a day, such as 2026-09-30, or a month, 2026-09",
        "bool": "是 (yes) or 否 (no); leave empty if nobody checked",
        "code": "choose from the list: {choices}",
        "int": "a whole number{limits}",
        "money": "an amount in yuan{limits}",
        "idno": "18 characters, as text; the last may be X",
        "month": "a month, such as 2026-09",
        "term": "a term, such as 2026秋 (autumn) or 2026春 (spring)",
        "quarter": "a quarter, such as 2026年3季度",
        "half_year": "a half-year, such as 2026年下半年",
        "year": "a year, such as 2026",
        "time": "day and time, such as 2026-09-30 14:20",
        "area": "name of the village, or its area code",
        "phone": "telephone number, as text",
        "text": "text",
    },
}

EXAMPLES = {
    "date": "2026-09-30",
    "month_or_date": "2026-09",
    "bool": "是",
    "int": "2",
    "money": "500",
    "idno": "539902201803150016",
    "month": "2026-09",
    "term": "2026秋",
    "quarter": "2026年3季度",
    "half_year": "2026年下半年",
    "year": "2026",
    "time": "2026-09-30 14:20",
    "area": "示例村",
    "phone": "14000000000",
    "name": "示例姓名",
    "text": "示例",
}
# Where a column's kind says too little: one child and one carer who could be, and days in their order.
OWN_EXAMPLES = {
    "carer.id_no": "539902195506010027",
    "area.area_code": "530902001903",
    "area.name": "示例村",
    "area.level": "村级",
    "area.parent_code": "530902001",
    "area.legacy_code": "",
    "birth_date": "2018-03-15",
    "sex": "男",
}


def contract_column(column: FormColumn) -> Column | None:
    """The contract's column behind a heading; None for a decorative one."""
    table, _, name = column.target
    table, name = STANDS_FOR.get((table, name), (table, name))
    return contracts()[table].column(name) if table else None


def kind_of(column: Column | None) -> str:
    """The kind of what stands under a column, as `EXPECTED` names it."""
    if column is None:
        return "text"
    if column.type == "date" and column.month_allowed:
        return "month_or_date"
    return column.type


def choices_of(column: Column) -> list[str]:
    """The words of a column's code list; none where it has no list."""
    if column.vocabulary is None:
        return []
    return [value.zh for value in vocabularies()[column.vocabulary].values]


def offered(column: Column) -> list[str]:
    """The words that a drop-down under that column offers; none where the answer is free."""
    return ["是", "否"] if column.type == "bool" else choices_of(column)


def expectation(column: Column | None, lang: str) -> str:
    """What a cell under that column should hold, in words."""
    words, kind = EXPECTED[lang], kind_of(column)
    if column is None:
        return words["text"]
    limits = ""
    if column.minimum is not None and column.maximum is not None:
        limits = f" {column.minimum:g}–{column.maximum:g}"
    elif column.minimum is not None:
        limits = f" ≥ {column.minimum:g}"
    template = words.get(kind, words["text"])
    return template.format(choices="、".join(choices_of(column)), limits=limits)


def example_cells(form: Form) -> list[str]:
    """One made-up row that the intake would take in as it is, in the order of the form's columns."""
    return [example_of(column) for column in form.columns]


def example_of(form_column: FormColumn) -> str:
    """What could stand under a heading."""
    column = contract_column(form_column)
    if column is None:
        return ""
    if form_column.writes in OWN_EXAMPLES or column.name in OWN_EXAMPLES:
        return OWN_EXAMPLES.get(form_column.writes, OWN_EXAMPLES.get(column.name, ""))
    if column.vocabulary:
        return choices_of(column)[0]
    if column.type in ("int", "money"):
        return f"{column.minimum or 0:g}"
    return EXAMPLES.get(kind_of(column), EXAMPLES["text"])
