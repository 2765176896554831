/*
code = "F2"
title = { zh = "分项执行率", en = "Budget spent" }
question = { zh = "下达的钱用到位了吗？", en = "Was the money that was released spent?" }
counted = { zh = "年初至期末支出", en = "yuan spent from the year's start to the period's end" }
out_of = { zh = "当年下达", en = "yuan released for the year" }
excluded = { zh = "没有列入当年预算的支出；期末以后的支出", en = "spending under an item without a budget for the year; spending after the period's end" }
unknown = { zh = "下达数未填或无法辨认", en = "sum released not recorded or unreadable" }
clause = "六·1"
owner = { zh = "财政", en = "finance" }
period = "quarter"
kind = "share"
weight = "amount"
unit = "share"
better = "higher"
disclosure = "work"
subject = "budget_item"
needs = ["budget", "expenditure"]
partner = ["F1"]
author = "守护 Shouhu"
reviewed_on = 2026-11-24

[series]
"cumulative_in_year.living" = { zh = "年内累计：生活", en = "since January: living" }
"cumulative_in_year.education" = { zh = "年内累计：教育", en = "since January: education" }
"cumulative_in_year.psychology" = { zh = "年内累计：心理", en = "since January: psychology" }
"cumulative_in_year.safety" = { zh = "年内累计：安全", en = "since January: safety" }
*/
WITH spent AS (
  SELECT p.period, e.item, SUM(e.amount) AS amount
  FROM period AS p
  JOIN expenditure AS e ON year_of(e.spent_on) = year_of(p.snapshot_on) AND e.spent_on <= p.snapshot_on
  WHERE p.kind = 'quarter'
  GROUP BY p.period, e.item
),
line AS (
  SELECT p.period, b.item, COALESCE(b.released, b.approved) AS whole, b.record,
    CASE WHEN b.released IS NOT NULL THEN CAST(COALESCE(s.amount, 0) AS DECIMAL(18, 2)) END AS done
  FROM period AS p
  JOIN budget AS b ON b.year = year_of(p.snapshot_on)
  LEFT JOIN spent AS s ON s.period = p.period AND s.item = b.item
  WHERE p.kind = 'quarter'
)
SELECT 'cumulative_in_year.' || item AS series, period, CAST(NULL AS VARCHAR) AS area, item AS subject, 'yes' AS outcome, done AS amount, record FROM line WHERE done IS NOT NULL
UNION ALL
SELECT 'cumulative_in_year.' || item AS series, period, CAST(NULL AS VARCHAR) AS area, item AS subject, 'no' AS outcome, whole - done AS amount, record FROM line WHERE done IS NOT NULL
UNION ALL
SELECT 'cumulative_in_year.' || item AS series, period, CAST(NULL AS VARCHAR) AS area, item AS subject, 'unknown' AS outcome, whole AS amount, record FROM line WHERE done IS NULL
