"""The quality report: the judge's verdict on every rule, with what the gate stopped counted as failing.

A cell or row that the gate refused no longer stands in the registry, so the judge alone would pass every rule; what
was told to the senders is added here.  Faults that no rule of a contract names (an unreadable date, a spoilt identity
number) are lines of their own.
"""

from __future__ import annotations

from pathlib import Path

from data_contracts.contract import contracts
from data_contracts.judge import run_checks
from data_contracts.messages import fault_words
from data_contracts.rules import CheckResult, with_quarantine
from registry import store

STOPPED = """
SELECT table_name, check_id, any_value(code ORDER BY code) AS code, count(*) AS stopped
FROM message
WHERE severity IN ('error', 'warning') AND table_name IS NOT NULL AND check_id IS NOT NULL AND code <> 'repeated_row'
GROUP BY table_name, check_id ORDER BY table_name, check_id
"""


def quality_report(registry_path: Path) -> list[CheckResult]:
    """Every check of every table with one of four answers, in the order of tables and checks."""
    results = run_checks(registry_path)
    connection = store.open_file(registry_path, read_only=True)
    try:
        stopped = store.run(connection, STOPPED)
    finally:
        connection.close()
    ruled = {(result.table, result.check_id) for result in results}
    counted = with_quarantine(results, {(t, c): n for t, c, _, n in stopped if (t, c) in ruled})
    own = [_line(table, check, code, n) for table, check, code, n in stopped if (table, check) not in ruled]
    return sorted([*counted, *own], key=lambda result: (result.table, result.check_id))


def _line(table: str, check: str, code: str, stopped: int) -> CheckResult:
    heading = {"zh": "", "en": ""}
    contract = contracts().get(table)
    column = next((c for c in contract.columns if check.startswith(c.name + "_")), None) if contract else None
    if column:
        heading = {"zh": f"{column.zh}：", "en": f"{column.en}: "}
    return CheckResult(
        table, check, heading["zh"] + fault_words(code, "zh"), heading["en"] + fault_words(code, "en"),
        "conformity", "fail", stopped, None,
    )  # fmt: skip
