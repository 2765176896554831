/*
code = "S8"
title = { zh = "意外事故率", en = "Accidents" }
question = { zh = "每千名留守儿童一年发生多少起意外？", en = "How many accidents are there per thousand left-behind children and year?" }
counted = { zh = "留守儿童的意外事故", en = "accidents of left-behind children" }
out_of = { zh = "留守儿童人年（按月末在册计）", en = "child-years, by the children of each month's end" }
excluded = { zh = "其他儿童的事故；事故当月末不在册、资格不成立或待核实的", en = "accidents of children who at that month's end were on no list or not, or not yet, established as left-behind" }
unknown = { zh = "无", en = "none" }
clause = "五·5"
owner = { zh = "民政·公安", en = "civil affairs and police" }
period = "twelve_months"
kind = "rate"
unit = "rate"
better = "lower"
disclosure = "status"
subject = "incident"
needs = ["incident"]
author = "守护 Shouhu"
reviewed_on = 2026-11-24
*/
WITH month_child AS (
  SELECT w.period, m.starts_on, m.ends_on, q.child_id, q.village_code, q.record,
    days_between(GREATEST(m.starts_on, w.starts_on), LEAST(m.ends_on, w.ends_on)) + 1 AS days
  FROM period AS w
  JOIN period AS m ON m.kind = 'month' AND m.ends_on >= w.starts_on AND m.starts_on <= w.ends_on
  JOIN population AS q ON q.on_day = m.snapshot_on
  WHERE w.kind = 'twelve_months' AND q.eligibility = 'yes' AND q.listed
),
event AS (
  SELECT c.period, c.child_id, c.village_code, i.kind, i.happened_on, i.record
  FROM incident AS i
  JOIN month_child AS c ON c.child_id = i.child_id AND i.happened_on BETWEEN c.starts_on AND c.ends_on
  JOIN period AS w ON w.period = c.period AND w.kind = 'twelve_months' AND i.happened_on BETWEEN w.starts_on AND w.ends_on
),
exposed AS (
  SELECT period, child_id, MIN(village_code) AS village_code, SUM(days) AS days, MIN(record) AS record
  FROM month_child
  GROUP BY period, child_id
)
SELECT period, village_code AS area, child_id || '@' || kind || '@' || CAST(happened_on AS VARCHAR) AS subject,
  'yes' AS outcome, CAST(NULL AS BIGINT) AS days, record
FROM event
UNION ALL
SELECT period, village_code AS area, child_id AS subject, 'no' AS outcome, CAST(days AS BIGINT) AS days, record
FROM exposed
