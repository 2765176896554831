/*
code = "F9"
title = { zh = "项目执行率", en = "Project money spent" }
question = { zh = "批下来的项目钱用了多少？", en = "How much of the awarded project money was spent?" }
counted = { zh = "已执行金额", en = "yuan spent" }
out_of = { zh = "期内获批项目的批准金额", en = "yuan awarded to projects decided in the period" }
excluded = { zh = "期外获批的项目；没有批准金额的", en = "projects decided in other periods; those without a sum awarded" }
unknown = { zh = "执行金额未填或无法辨认", en = "sum spent not recorded or unreadable" }
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
partner = ["F8"]
author = "守护 Shouhu"
reviewed_on = 2026-11-24
*/
WITH won AS (
  SELECT p.period, f.project_no, f.awarded_amount AS whole, f.spent_amount AS spent, f.record
  FROM period AS p
  JOIN project_fund AS f ON f.decided_on BETWEEN p.starts_on AND p.snapshot_on
  WHERE p.kind = 'year' AND f.awarded_amount > 0
)
SELECT period, CAST(NULL AS VARCHAR) AS area, project_no AS subject, 'yes' AS outcome, spent AS amount, record FROM won WHERE spent > 0
UNION ALL
SELECT period, CAST(NULL AS VARCHAR) AS area, project_no AS subject, 'no' AS outcome, whole - spent AS amount, record FROM won WHERE whole > spent
UNION ALL
SELECT period, CAST(NULL AS VARCHAR) AS area, project_no AS subject, 'unknown' AS outcome, whole AS amount, record FROM won WHERE spent IS NULL
