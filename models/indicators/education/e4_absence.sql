/*
code = "E4"
title = { zh = "无故缺勤率", en = "Unexcused absence" }
question = { zh = "有多少天无故缺勤，多少孩子缺得多？", en = "How many school days are missed without excuse, and how many children miss many?" }
counted = { zh = "旷课天数；旷课达到预警比例的儿童", en = "days missed without excuse; children at or above the warning share" }
out_of = { zh = "留守儿童当月应到天数", en = "school days expected of left-behind children in the month" }
excluded = { zh = "当月没有考勤记录或应到天数为零的儿童；资格不成立或待核实的", en = "children without an attendance record or without an expected day in the month; those not, or not yet, established as left-behind" }
unknown = { zh = "旷课天数未填或无法辨认", en = "days missed not recorded or unreadable" }
clause = "五·3"
owner = { zh = "学校", en = "school" }
period = "month"
kind = "share"
weight = "days"
unit = "share"
better = "lower"
disclosure = "status"
subject = "child"
needs = ["attendance"]
parameters = ["absence_percent"]
partner = ["E1"]
author = "守护 Shouhu"
reviewed_on = 2026-11-24

[series]
"" = { zh = "旷课天数比例", en = "share of days" }
"children>=10%" = { zh = "旷课达到10%的儿童", en = "children missing 10 % or more", kind = "count" }
*/
WITH pupil AS (
  SELECT p.period, p.absence_percent, q.child_id, q.village_code, a.n_expected, a.record,
    CASE WHEN a.n_unexcused BETWEEN 0 AND a.n_expected THEN a.n_unexcused END AS n_unexcused
  FROM period AS p
  JOIN population AS q ON q.on_day = p.snapshot_on
  JOIN attendance AS a ON a.month = p.period AND a.child_id = q.child_id
  WHERE q.eligibility = 'yes' AND q.listed AND a.n_expected > 0
)
SELECT '' AS series, period, village_code AS area, child_id AS subject, 'yes' AS outcome, n_unexcused AS days, record
FROM pupil WHERE n_unexcused > 0
UNION ALL
SELECT '' AS series, period, village_code AS area, child_id AS subject, 'no' AS outcome, n_expected - n_unexcused AS days, record
FROM pupil WHERE n_unexcused < n_expected
UNION ALL
SELECT '' AS series, period, village_code AS area, child_id AS subject, 'unknown' AS outcome, n_expected AS days, record
FROM pupil WHERE n_unexcused IS NULL
UNION ALL
SELECT 'children>=' || CAST(absence_percent AS VARCHAR) || '%' AS series, period, village_code AS area, child_id AS subject,
  CASE WHEN n_unexcused IS NULL THEN 'unknown'
       WHEN 100 * n_unexcused >= absence_percent * n_expected THEN 'yes' ELSE 'no' END AS outcome,
  n_unexcused AS days, record
FROM pupil
