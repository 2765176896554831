/*
code = "F4"
title = { zh = "年度增长率", en = "Growth of the budget" }
question = { zh = "今年批的预算比去年多吗？", en = "Was more approved than the year before?" }
counted = { zh = "当年批复金额减上年批复金额", en = "yuan approved this year less those of the year before" }
out_of = { zh = "上年批复金额；两年都有批复数的项目", en = "yuan approved the year before; items approved in both years" }
excluded = { zh = "两年都没有批复数的项目", en = "items without an approved sum in either year" }
unknown = { zh = "只有一年有批复数的项目", en = "items with a sum for one of the two years only" }
clause = "六·1"
owner = { zh = "财政", en = "finance" }
period = "year"
kind = "growth"
weight = "amount"
unit = "growth"
better = "none"
disclosure = "work"
subject = "budget_item"
needs = ["budget"]
partner = ["F1"]
author = "守护 Shouhu"
reviewed_on = 2026-11-24

[series]
"" = { zh = "合计", en = "all items" }
"living" = { zh = "生活", en = "living" }
"education" = { zh = "教育", en = "education" }
"psychology" = { zh = "心理", en = "psychology" }
"safety" = { zh = "安全", en = "safety" }
*/
WITH item AS (
  SELECT DISTINCT item FROM budget
),
line AS (
  SELECT p.period, i.item, n.approved AS now, b.approved AS before, COALESCE(n.record, b.record) AS record
  FROM period AS p
  CROSS JOIN item AS i
  LEFT JOIN budget AS n ON n.item = i.item AND n.year = year_of(p.starts_on)
  LEFT JOIN budget AS b ON b.item = i.item AND b.year = year_of(p.starts_on) - 1
  WHERE p.kind = 'year'
),
side AS (
  SELECT period, item, 'yes' AS outcome, now AS amount, record FROM line WHERE now IS NOT NULL AND before IS NOT NULL
  UNION ALL
  SELECT period, item, 'no' AS outcome, before AS amount, record FROM line WHERE now IS NOT NULL AND before IS NOT NULL
  UNION ALL
  SELECT period, item, 'unknown' AS outcome, COALESCE(now, before) AS amount, record FROM line
  WHERE (now IS NULL) <> (before IS NULL)
)
SELECT '' AS series, period, CAST(NULL AS VARCHAR) AS area, item AS subject, outcome, amount, record FROM side
UNION ALL
SELECT item AS series, period, CAST(NULL AS VARCHAR) AS area, item AS subject, outcome, amount, record FROM side
