/*
code = "F3"
title = { zh = "人均支出", en = "Spent per child" }
question = { zh = "平均每名留守儿童花了多少钱？", en = "How much was spent per left-behind child?" }
counted = { zh = "年初至期末支出（元）", en = "yuan spent since the year's start" }
out_of = { zh = "同期平均在册留守儿童数（按各月末在册、以天数加权）", en = "mean number of left-behind children in that time (children of each month's end, weighted by days)" }
excluded = { zh = "期末以后的支出；缺少年初各月历史的年份", en = "spending after the period's end; years whose first months lie before the history" }
unknown = { zh = "无", en = "none" }
clause = "六·1"
owner = { zh = "财政", en = "finance" }
period = "year"
kind = "per_head"
weight = "amount"
unit = "money"
better = "none"
disclosure = "work"
subject = "expenditure"
needs = ["expenditure", "enrolment_episode"]
partner = ["F2"]
author = "守护 Shouhu"
reviewed_on = 2026-11-24

[series]
"" = { zh = "合计", en = "all items" }
"living" = { zh = "生活", en = "living" }
"education" = { zh = "教育", en = "education" }
"psychology" = { zh = "心理", en = "psychology" }
"safety" = { zh = "安全", en = "safety" }
*/
-- Neither side names a village: spending is known for the district alone, so the figure is the district's.
-- A year of which the first months lie before the history has no mean and no figure.
WITH whole AS (
  SELECT y.period, y.starts_on, y.snapshot_on
  FROM period AS y
  JOIN period AS m ON m.kind = 'month' AND m.starts_on = y.starts_on
  WHERE y.kind = 'year'
),
spent AS (
  SELECT p.period, e.item, e.amount, e.record,
    'expenditure@' || CAST(e.seq AS VARCHAR) || '@' || CAST(e.spent_on AS VARCHAR) AS subject
  FROM whole AS p
  JOIN expenditure AS e ON e.spent_on BETWEEN p.starts_on AND p.snapshot_on
),
counted AS (
  SELECT y.period, q.child_id, MIN(q.record) AS record,
    SUM(days_between(m.starts_on, m.snapshot_on) + 1) AS days
  FROM whole AS y
  JOIN period AS m ON m.kind = 'month' AND m.starts_on BETWEEN y.starts_on AND y.snapshot_on
  JOIN population AS q ON q.on_day = m.snapshot_on AND q.eligibility = 'yes' AND q.listed
  GROUP BY y.period, q.child_id
),
part AS (
  SELECT i.item FROM (VALUES (''), ('living'), ('education'), ('psychology'), ('safety')) AS i(item)
)
SELECT i.item AS series, s.period, CAST(NULL AS VARCHAR) AS area, s.subject, 'yes' AS outcome, CAST(NULL AS BIGINT) AS days, s.amount, s.record
FROM spent AS s JOIN part AS i ON i.item = '' OR i.item = s.item
UNION ALL
SELECT i.item AS series, c.period, CAST(NULL AS VARCHAR) AS area, c.child_id AS subject, 'no' AS outcome, CAST(c.days AS BIGINT) AS days,
  CAST(NULL AS DECIMAL(18, 2)) AS amount, c.record
FROM counted AS c CROSS JOIN part AS i
