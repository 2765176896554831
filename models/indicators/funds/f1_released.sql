/*
code = "F1"
title = { zh = "预算到位率", en = "Budget released" }
question = { zh = "批复的预算都下达了吗？", en = "Was the approved budget released?" }
counted = { zh = "已下达金额", en = "yuan released" }
out_of = { zh = "批复金额", en = "yuan approved" }
excluded = { zh = "没有批复数的项目", en = "items without an approved sum" }
unknown = { zh = "下达数未填或无法辨认", en = "sum released not recorded or unreadable" }
clause = "六·1"
owner = { zh = "财政", en = "finance" }
period = "year"
kind = "share"
weight = "amount"
unit = "share"
better = "higher"
disclosure = "work"
subject = "budget_item"
needs = ["budget"]
author = "守护 Shouhu"
reviewed_on = 2026-11-24

[series]
"" = { zh = "合计", en = "all items" }
"living" = { zh = "生活", en = "living" }
"education" = { zh = "教育", en = "education" }
"psychology" = { zh = "心理", en = "psychology" }
"safety" = { zh = "安全", en = "safety" }
*/
WITH line AS (
  SELECT p.period, b.item, b.approved AS whole, b.released AS done, b.record
  FROM period AS p
  JOIN budget AS b ON CAST(b.year AS VARCHAR) = p.period
  WHERE b.approved IS NOT NULL
)
SELECT '' AS series, period, CAST(NULL AS VARCHAR) AS area, item AS subject, 'yes' AS outcome, done AS amount, record FROM line WHERE done IS NOT NULL
UNION ALL
SELECT '' AS series, period, CAST(NULL AS VARCHAR) AS area, item AS subject, 'no' AS outcome, whole - done AS amount, record FROM line WHERE done IS NOT NULL
UNION ALL
SELECT '' AS series, period, CAST(NULL AS VARCHAR) AS area, item AS subject, 'unknown' AS outcome, whole AS amount, record FROM line WHERE done IS NULL
UNION ALL
SELECT item AS series, period, CAST(NULL AS VARCHAR) AS area, item AS subject, 'yes' AS outcome, done AS amount, record FROM line WHERE done IS NOT NULL
UNION ALL
SELECT item AS series, period, CAST(NULL AS VARCHAR) AS area, item AS subject, 'no' AS outcome, whole - done AS amount, record FROM line WHERE done IS NOT NULL
UNION ALL
SELECT item AS series, period, CAST(NULL AS VARCHAR) AS area, item AS subject, 'unknown' AS outcome, whole AS amount, record FROM line WHERE done IS NULL
