/*
code = "P1"
title = { zh = "心理课开课达标率", en = "Psychology lessons given as planned" }
question = { zh = "计划的心理课时都上了吗？", en = "Were the planned lessons in mental health given?" }
counted = { zh = "实开课时达到计划的学校", en = "schools that gave at least the planned hours" }
out_of = { zh = "全部上报学校", en = "schools that reported" }
excluded = { zh = "当学期没有上报的学校；学期还没有结束的（未到期）", en = "schools that did not report for the term; terms that have not ended (not yet due)" }
unknown = { zh = "计划或实开课时未填、无法辨认或计划为零", en = "hours not recorded, unreadable or none planned" }
clause = "五·4"
owner = { zh = "学校", en = "school" }
period = "term"
kind = "share"
unit = "share"
better = "higher"
disclosure = "work"
subject = "school"
needs = ["org_provision"]
author = "守护 Shouhu"
reviewed_on = 2026-11-24
*/
SELECT p.period, o.org_code AS area, o.org_code AS subject,
  CASE WHEN o.planned_hours IS NULL OR o.planned_hours = 0 OR o.delivered_hours IS NULL THEN 'unknown'
       WHEN o.delivered_hours >= o.planned_hours THEN 'yes'
       ELSE 'no' END AS outcome, o.record
FROM period AS p
JOIN org_provision AS o ON o.term = p.period
-- The planned hours are due on the term's last day.
WHERE p.ends_on = p.snapshot_on
