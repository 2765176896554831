/*
code = "S4"
title = { zh = "隐患在险天数", en = "Days that hazards stay open" }
question = { zh = "隐患要多少天才消除，有多少逾期未改？", en = "How long do hazards stay open, and how many are overdue?" }
counted = { zh = "整改完成的天数（中位，未完成者计为删失）；逾期未整改的隐患", en = "days until fixed (median, open ones censored); overdue and not fixed" }
out_of = { zh = "期内曾经存在的隐患", en = "hazards that were open in the period" }
excluded = { zh = "期初以前已整改的；期末以后才发现的", en = "hazards fixed before the period began; those found after it" }
unknown = { zh = "整改日期无法辨认", en = "a day of repair that cannot be read" }
clause = "五·5"
owner = { zh = "村", en = "village" }
period = "quarter"
kind = "duration"
unit = "days"
better = "lower"
disclosure = "work"
subject = "hazard"
needs = ["hazard"]
partner = ["S3"]
author = "守护 Shouhu"
reviewed_on = 2026-11-24

[series]
"open" = { zh = "在险天数（中位）", en = "days open (median)" }
"overdue" = { zh = "逾期未整改", en = "overdue and not fixed", kind = "count" }
*/
WITH seen AS (
  SELECT p.period, h.village_code, h.record, h.village_code || '@' || h.place || '@' || CAST(h.found_on AS VARCHAR) AS subject,
    CASE WHEN unusable(h.invalid, 'fixed_on') THEN 'unknown'
         WHEN h.fixed_on <= p.snapshot_on THEN 'yes' ELSE 'no' END AS fixed,
    days_between(h.found_on, LEAST(COALESCE(h.fixed_on, p.snapshot_on), p.snapshot_on)) AS days_open,
    CASE WHEN h.due_on < p.snapshot_on THEN days_between(h.due_on, p.snapshot_on) END AS days_over
  FROM period AS p
  JOIN hazard AS h ON h.found_on <= p.snapshot_on AND (h.fixed_on IS NULL OR h.fixed_on >= p.starts_on)
  WHERE p.kind = 'quarter'
)
SELECT 'open' AS series, period, village_code AS area, subject, fixed AS outcome,
  CASE WHEN fixed <> 'unknown' THEN days_open END AS days, record
FROM seen
UNION ALL
SELECT 'overdue' AS series, period, village_code AS area, subject,
  CASE WHEN days_over IS NULL OR fixed = 'yes' THEN 'no' WHEN fixed = 'unknown' THEN 'unknown' ELSE 'yes' END AS outcome,
  CASE WHEN fixed = 'no' THEN days_over END AS days, record
FROM seen
