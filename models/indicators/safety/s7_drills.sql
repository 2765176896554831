/*
code = "S7"
title = { zh = "演练完成率和演后修订率", en = "Plans drilled, and revised after the drill" }
question = { zh = "预案演练了吗？演练后修订了吗？", en = "Were emergency plans drilled, and revised after the drill?" }
counted = { zh = "期限内演练过的单位；演练后修订过的预案", en = "units that drilled within the limit; plans revised after the drill" }
out_of = { zh = "应有预案的单位；一年内演练过、修订已到期的预案", en = "units that must have a plan; plans drilled in the year before, whose revision has fallen due" }
excluded = { zh = "没有列入预案与演练登记的单位；演练后修订期限尚未到期的预案", en = "units that are not on the register of plans and drills; plans whose revision after the drill is not yet due" }
unknown = { zh = "有无预案、演练或修订日期未填或无法辨认，或最近日期在期末之后", en = "plan, day of drill or of revision not recorded or unreadable, or the latest day lies after the period" }
clause = "五·5"
owner = { zh = "各部门", en = "all departments" }
period = "year"
kind = "share"
unit = "share"
better = "higher"
disclosure = "work"
subject = "unit"
needs = ["plan_drill"]
parameters = ["drill_interval_months", "revised_after_drill_days"]
partner = ["S6"]
author = "守护 Shouhu"
reviewed_on = 2026-11-24

[series]
"drilled" = { zh = "演练完成", en = "drilled" }
"revised" = { zh = "演后修订", en = "revised after the drill" }
*/
SELECT 'drilled' AS series, p.period, d.org_code AS area, d.org_code AS subject,
  CASE WHEN d.has_plan = FALSE THEN 'no'
       WHEN d.drilled_on IS NULL OR d.drilled_on > p.snapshot_on THEN 'unknown'
       WHEN d.drilled_on >= add_months(p.snapshot_on, 0 - p.drill_interval_months) THEN 'yes'
       ELSE 'no' END AS outcome, d.record
FROM period AS p
CROSS JOIN plan_drill AS d
WHERE p.kind = 'year'
UNION ALL
SELECT 'revised' AS series, p.period, d.org_code AS area, d.org_code AS subject,
  CASE WHEN d.revised_on < d.drilled_on THEN 'no'
       WHEN d.revised_on IS NULL OR d.revised_on > p.snapshot_on THEN 'unknown'
       ELSE 'yes' END AS outcome, d.record
FROM period AS p
JOIN plan_drill AS d ON d.drilled_on >= add_months(p.snapshot_on, 0 - p.drill_interval_months)
  AND add_days(d.drilled_on, p.revised_after_drill_days) <= p.snapshot_on
WHERE p.kind = 'year'
