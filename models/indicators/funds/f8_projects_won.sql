/*
code = "F8"
title = { zh = "项目申报成功率", en = "Project money won" }
question = { zh = "申报的项目批下来多少？", en = "How much of what was applied for was awarded?" }
counted = { zh = "获批的项目；批准金额", en = "applications awarded; yuan awarded" }
out_of = { zh = "期内申报的项目；申报金额", en = "applications made in the period; yuan applied for" }
excluded = { zh = "期外申报的项目；申报日期无法辨认的", en = "projects applied for in other periods, or on a day that cannot be read" }
unknown = { zh = "尚未批复，或批准金额未填、无法辨认", en = "not decided yet, or the sum awarded not recorded or unreadable" }
clause = "六·3"
owner = { zh = "各部门", en = "the departments" }
period = "year"
kind = "share"
weight = "amount"
unit = "share"
better = "higher"
disclosure = "work"
subject = "project"
needs = ["project_fund"]
partner = ["F9"]
author = "守护 Shouhu"
reviewed_on = 2026-11-24

[series]
"count" = { zh = "项目数", en = "applications", weight = "cases" }
"amount" = { zh = "金额", en = "yuan" }
*/
WITH applied AS (
  SELECT p.period, f.project_no, f.department, f.applied_amount, f.record,
    CASE WHEN f.decided_on <= p.snapshot_on THEN f.awarded_amount END AS awarded
  FROM period AS p
  JOIN project_fund AS f ON f.applied_on BETWEEN p.starts_on AND p.snapshot_on
  WHERE p.kind = 'year'
)
SELECT 'count' AS series, period, CAST(NULL AS VARCHAR) AS area, project_no AS subject,
  CASE WHEN awarded IS NULL THEN 'unknown' WHEN awarded > 0 THEN 'yes' ELSE 'no' END AS outcome,
  CAST(applied_amount AS DECIMAL(18, 2)) AS amount, record
FROM applied
UNION ALL
SELECT 'amount' AS series, period, CAST(NULL AS VARCHAR) AS area, project_no AS subject, 'yes' AS outcome, CAST(awarded AS DECIMAL(18, 2)) AS amount, record
FROM applied WHERE awarded > 0
UNION ALL
SELECT 'amount' AS series, period, CAST(NULL AS VARCHAR) AS area, project_no AS subject, 'no' AS outcome,
  CAST(applied_amount - awarded AS DECIMAL(18, 2)) AS amount, record
FROM applied WHERE applied_amount > awarded
UNION ALL
SELECT 'amount' AS series, period, CAST(NULL AS VARCHAR) AS area, project_no AS subject, 'unknown' AS outcome, CAST(applied_amount AS DECIMAL(18, 2)) AS amount, record
FROM applied WHERE awarded IS NULL
