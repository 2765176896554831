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
WITH span AS (
  -- The days of each month that lie in the twelve months.
  SELECT w.period, m.snapshot_on, GREATEST(m.starts_on, w.starts_on) AS first_on, LEAST(m.ends_on, w.ends_on) AS last_on
  FROM period AS w
  JOIN period AS m ON m.kind = 'month' AND m.ends_on >= w.starts_on
  WHERE w.kind = 'twelve_months'
),
month_child AS (
  SELECT s.period, s.first_on, s.last_on, q.child_id, q.village_code, q.record
  FROM span AS s
  JOIN population AS q ON q.on_day = s.snapshot_on
  WHERE q.eligibility = 'yes' AND q.listed
),
exposed AS (
  SELECT period, child_id, village_code, SUM(days_between(first_on, last_on) + 1) AS days, MIN(record) AS record
  FROM month_child
  GROUP BY period, child_id, village_code
)
SELECT c.period, c.village_code AS area, c.child_id || '@' || i.kind || '@' || CAST(i.happened_on AS VARCHAR) AS subject,
  'yes' AS outcome, CAST(NULL AS BIGINT) AS days, i.record
FROM month_child AS c
JOIN incident AS i ON i.child_id = c.child_id AND i.happened_on BETWEEN c.first_on AND c.last_on
UNION ALL
SELECT period, village_code AS area, child_id AS subject, 'no' AS outcome, CAST(days AS BIGINT) AS days, record
FROM exposed
