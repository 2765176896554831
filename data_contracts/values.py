"""A cell's text → a typed value, or a named fault: nothing is rounded, completed or guessed.

Every parser takes (text, kind) of one cell, where kind is the reader's letter (`t` text, `n` number, `d` date,
`b` boolean), and returns a `Typed`.  A blank is a value of its own: not recorded.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any, NamedTuple

from stdnum.cn import ric

from data_contracts.cell_text import clean, is_blank, simplified, visible
from data_contracts.contract import Column
from data_contracts.vocabularies import vocabularies

YES = frozenset({"是", "有", "√", "✓", "已", "Y", "y", "YES", "yes", "TRUE", "true", "1", "对"})
NO = frozenset({"否", "无", "×", "✗", "未", "没有", "N", "n", "NO", "no", "FALSE", "false", "0", "不是"})
EARLIEST, LATEST = dt.date(1900, 1, 1), dt.date(2100, 1, 1)
SERIAL_ORIGIN = dt.date(1899, 12, 30)
_PINYIN = re.compile(r"\([A-Za-z\u00c0-\u024f\s'’]+\)")
# What no name holds: a lost or masked character, a list of two, a number, a formula, markup.  Characters of private
# use and described ones (⿰) are how rare names are written, so they stay.
_NO_NAME = re.compile(r"[^\w·'’()\-\u2ff0-\u2fff\ue000-\uf8ff]|[\d_]")
_DASHES = "\\-\u2010-\u2015\u2212"
_UNITS = re.compile(r"(?:分|次|天|日|元|人|户|条|课时|节|个)$")
_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_MONTH = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*月?(?:份)?")
_TIME = re.compile(r"(.+?)[ T]+(\d{1,2})[::](\d{2})(?:[::]\d{2})?")


class Typed(NamedTuple):
    """A value, or the code of the fault that kept it from being one; `month_only` marks a date without day."""

    value: Any = None
    fault: str | None = None
    month_only: bool = False


BLANK = Typed()


def _day(year: str, month: str, day: str) -> Typed:
    try:
        value = dt.date(int(year), int(month), int(day))
    except ValueError:
        return Typed(fault="no_such_day")
    return Typed(value) if EARLIEST <= value < LATEST else Typed(fault="not_a_date")


def date(text: str, kind: str = "t") -> Typed:
    """A day written as 2013-05-06, 2013/5/6, 2013.5.6, 2013年5月6日, 20130506 or as a spreadsheet's serial."""
    written = clean(text)
    if kind == "n":
        if re.fullmatch(r"\d{8}", written):
            return _day(written[:4], written[4:6], written[6:])
        if re.fullmatch(r"\d{5}(\.\d+)?", written):
            day = SERIAL_ORIGIN + dt.timedelta(days=int(float(written)))
            return Typed(day) if day < LATEST else Typed(fault="not_a_date")
        return Typed(fault="not_a_date")
    if match := _TIME.fullmatch(written):
        written = match[1]
    if match := _DATE.fullmatch(written):
        return _day(*match.groups())
    if re.fullmatch(r"\d{8}", written):
        return _day(written[:4], written[4:6], written[6:])
    if match := _MONTH.fullmatch(written):
        first = _day(match[1], match[2], "1")
        return Typed(first.value, "day_missing", True) if first.value else first
    return Typed(fault="not_a_date")


def time(text: str, kind: str = "t") -> Typed:
    """A day with hour and minute; a day alone has no hour, and says so."""
    written = clean(text)
    match = _TIME.fullmatch(written)
    if not match:
        day = date(text, kind)
        return Typed(fault=day.fault or "hour_missing")
    day = date(match[1])
    if day.fault:
        return Typed(fault=day.fault)
    try:
        return Typed(dt.datetime.combine(day.value, dt.time(int(match[2]), int(match[3]))))
    except ValueError:
        return Typed(fault="not_a_time")


def _number(text: str) -> Decimal | None:
    written = clean(text).replace(",", "").replace("¥", "").replace("￥", "")
    scale = Decimal(1)
    written = _UNITS.sub("", written).strip()
    if written.endswith("万"):
        written, scale = written[:-1], Decimal(10_000)
    try:
        number = Decimal(written)
    except InvalidOperation:
        return None
    return number * scale if number.is_finite() else None


def integer(text: str, kind: str = "t") -> Typed:
    """A whole number; its unit may stand behind it (12分, 3次)."""
    number = _number(text)
    if number is None or number != number.to_integral_value():
        return Typed(fault="not_a_whole_number")
    return Typed(int(number)) if abs(number) < 10**15 else Typed(fault="not_a_whole_number")


def money(text: str, kind: str = "t") -> Typed:
    """Yuan with two decimals; 0.43万元 is 4,300 yuan because the unit is written."""
    number = _number(text)
    if number is None or abs(number) >= 10**12:
        return Typed(fault="not_an_amount")
    return Typed(number.quantize(Decimal("0.01")))


def boolean(text: str, kind: str = "t") -> Typed:
    """Yes and no as offices tick them."""
    written = simplified(text)
    if written in YES:
        return Typed(True)
    return Typed(False) if written in NO else Typed(fault="not_yes_or_no")


def id_number(text: str, kind: str = "t") -> Typed:
    """An identity number of 18 digits with its check digit; an old one of 15 as its 18; the place is never judged.

    A spreadsheet that kept it as a number has lost its last digits: they are named as lost.
    Source: GB 11643; the check digit is python-stdnum's (its `validate` knows only today's places).
    """
    written = re.sub(r"\s", "", clean(text)).upper()
    if re.fullmatch(r"\d{15}", written):  # a spreadsheet's number holds 15 digits whole
        return _eighteen_digits(written)
    if kind == "n" or re.fullmatch(r"\d(\.\d+)?E\+?\d+", written):
        return Typed(fault="id_digits_lost")
    if not re.fullmatch(r"\d{17}[\dX]", written):
        return Typed(fault="id_form")
    if _day(written[6:10], written[10:12], written[12:14]).fault:
        return Typed(fault="id_form")
    return Typed(written) if ric.calc_check_digit(written) == written[17] else Typed(fault="id_check_digit")


def _eighteen_digits(old: str) -> Typed:
    """The number that replaced an old one of 15 digits: born in 19…, with a check digit (GB 11643-1999)."""
    if _day("19" + old[6:8], old[8:10], old[10:12]).fault:
        return Typed(fault="id_form")
    digits = f"{old[:6]}19{old[6:]}"
    return Typed(digits + ric.calc_check_digit(digits + "0"))


def id_birth_date(id_no: str) -> dt.date | None:
    """The birth date inside an identity number of 18 digits."""
    return _day(id_no[6:10], id_no[10:12], id_no[12:14]).value


def id_sex(id_no: str) -> str:
    """The sex inside an identity number: odd is male."""
    return "male" if int(id_no[16]) % 2 else "female"


def person_name(text: str, kind: str = "t") -> Typed:
    """A name without the spaces that line it up and the pinyin behind it; one middle dot for all kinds of dot.

    A name with a lost or masked character, or two names in one cell, is nobody's name.
    """
    lines = [line for line in map(str.strip, clean(text).splitlines()) if len(line) > 1]
    written = re.sub(r"\s", "", _PINYIN.sub("", clean(text)))
    written = re.sub("[·•・‧∙⋅⸱．.]", "·", written)
    is_name = re.search(r"\w", written) and not _NO_NAME.search(written) and len(lines) < 2
    return Typed(written) if is_name else Typed(fault="not_a_name")


def phone(text: str, kind: str = "t") -> Typed:
    """A mobile number of 11 digits or a land line with area code."""
    written = re.sub(rf"[\s{_DASHES}()]", "", clean(text))
    written = re.sub(r"^(?:\+|00)86(?=1\d{10}$)", "", written)
    is_number = re.fullmatch(r"1\d{10}", written) or re.fullmatch(r"0\d{9,11}", written)
    return Typed(written) if is_number else Typed(fault="phone_form")


def term(text: str, kind: str = "t") -> Typed:
    """A school term as 2025秋 or 2026春."""
    written = simplified(text)
    if match := re.fullmatch(r"(\d{4})年?(春|秋)(?:季|学期|季学期)?", written):
        return Typed(match[1] + match[2])
    if match := re.fullmatch(r"(\d{4})-(\d{4})学年(?:度)?第?([一二12])学期", written):
        return Typed(match[1] + "秋" if match[3] in "一1" else match[2] + "春")
    return Typed(fault="not_a_term")


def month(text: str, kind: str = "t") -> Typed:
    """A month as 2026-09."""
    written = clean(text)
    found = re.fullmatch(r"(\d{4})(\d{2})", written) or _MONTH.fullmatch(written) or _DATE.fullmatch(written)
    if not found or not 1 <= int(found[2]) <= 12:
        return Typed(fault="not_a_month")
    return Typed(f"{found[1]}-{int(found[2]):02d}")


def half_year(text: str, kind: str = "t") -> Typed:
    """A half-year as 2026H1 or 2026H2."""
    found = re.fullmatch(r"(\d{4})年?(上半年|下半年|H1|H2)", simplified(text))
    if not found:
        return Typed(fault="not_a_half_year")
    return Typed(f"{found[1]}H{1 if found[2] in ('上半年', 'H1') else 2}")


def quarter(text: str, kind: str = "t") -> Typed:
    """A quarter as 2026Q3."""
    found = re.fullmatch(r"(\d{4})年?第?([1-4一二三四]|Q[1-4])(?:季度)?", simplified(text))
    if not found:
        return Typed(fault="not_a_quarter")
    number = found[2][-1]
    return Typed(f"{found[1]}Q{'一二三四'.find(number) + 1 or number}")


def year(text: str, kind: str = "t") -> Typed:
    """A calendar year."""
    found = re.fullmatch(r"(20\d{2}|19\d{2})(?:年度?)?", clean(text))
    return Typed(int(found[1])) if found else Typed(fault="not_a_year")


def plain(text: str, kind: str = "t") -> Typed:
    """Text in simplified characters."""
    return Typed(simplified(text))


def note(text: str, kind: str = "t") -> Typed:
    """A free note, as written."""
    return Typed(visible(text).strip())


@cache
def _codes(vocabulary: str) -> dict[str, str]:
    words: dict[str, str] = {}
    for value in vocabularies()[vocabulary].values:
        for word in (value.zh, value.code, *value.also):
            words.setdefault(re.sub(r"\s", "", simplified(word)), value.code)
    return words


def code(vocabulary: str, text: str) -> Typed:
    """The code of a word in a code list; a word that is not in it is a fault, not the nearest one."""
    found = _codes(vocabulary).get(re.sub(r"\s", "", simplified(text)))
    return Typed(found) if found else Typed(fault="not_in_code_list")


_PARSERS: dict[str, Callable[[str, str], Typed]] = {
    "text": plain, "date": date, "time": time, "int": integer, "year": year, "money": money, "bool": boolean,
    "name": person_name, "idno": id_number, "phone": phone, "note": note, "term": term, "month": month,
    "half_year": half_year, "quarter": quarter, "area": plain, "ref": plain,
}  # fmt: skip


def typed(column: Column, text: str, kind: str = "t") -> Typed:
    """The value of one cell of that column, range included; `Typed.fault` names what is wrong."""
    if kind == "x":
        return Typed(fault="error_cell")
    if is_blank(text):
        return BLANK
    if column.vocabulary:
        return code(column.vocabulary, text)
    found = _PARSERS[column.type](text, kind)
    if found.fault == "day_missing" and column.month_allowed:
        return Typed(found.value, None, True)
    if found.fault:
        return Typed(fault=found.fault)
    low, high = column.minimum, column.maximum
    if (low is not None and found.value < low) or (high is not None and found.value > high):
        return Typed(fault="out_of_range")
    return found
