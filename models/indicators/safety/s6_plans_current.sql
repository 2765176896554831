/*
code = "S6"
title = { zh = "预案有效率", en = "Emergency plans up to date" }
question = { zh = "各单位的应急预案一年内修订过吗？", en = "Has each unit an emergency plan revised within the year?" }
counted = { zh = "有预案且期限内修订过的单位", en = "units with a plan revised within the limit" }
out_of = { zh = "应有预案的单位", en = "units that must have a plan" }
excluded = { zh = "没有列入预案与演练登记的单位", en = "units that are not on the register of plans and drills" }
unknown = { zh = "有无预案、修订日期未填或无法辨认，或修订在期末之后", en = "plan or day of revision not recorded or unreadable, or revised after the period" }
clause = "五·5"
owner = { zh = "各部门", en = "all departments" }
period = "year"
kind = "share"
unit = "share"
better = "higher"
disclosure = "work"
subject = "unit"
needs = ["plan_drill"]
parameters = ["plan_revised_months"]
author = "守护 Shouhu"
reviewed_on = 2026-11-24
*/
SELECT p.period, d.org_code AS area, d.org_code AS subject,
  CASE WHEN d.has_plan = FALSE THEN 'no'
       WHEN d.has_plan IS NULL OR d.revised_on IS NULL OR d.revised_on > p.snapshot_on THEN 'unknown'
       WHEN d.revised_on >= add_months(p.snapshot_on, 0 - p.plan_revised_months) THEN 'yes'
       ELSE 'no' END AS outcome, d.record
FROM period AS p
CROSS JOIN plan_drill AS d
WHERE p.kind = 'year'
