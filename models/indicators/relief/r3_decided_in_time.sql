/*
code = "R3"
title = { zh = "审批按时率", en = "Relief decided in time" }
question = { zh = "救助申请按时审批了吗？", en = "Were relief applications decided in time?" }
counted = { zh = "期限内作出决定的", en = "decided within the limit" }
out_of = { zh = "期内到期的申请", en = "applications whose decision fell due in the period" }
excluded = { zh = "审批尚未到期的申请；申请日期无法辨认的", en = "applications not yet due for a decision; those whose day cannot be read" }
unknown = { zh = "日期无法辨认", en = "a day that cannot be read" }
clause = "五·2"
owner = { zh = "民政", en = "civil affairs" }
period = "quarter"
kind = "share"
unit = "share"
better = "higher"
disclosure = "work"
subject = "application"
needs = ["relief_application"]
parameters = ["relief_decision_days"]
author = "守护 Shouhu"
reviewed_on = 2026-11-24
*/
SELECT p.period, k.village_code AS area, r.child_id || '@' || r.scheme || '@' || CAST(r.applied_on AS VARCHAR) AS subject,
  CASE WHEN days_between(r.applied_on, r.decided_on) <= p.relief_decision_days THEN 'yes'
       WHEN unusable(r.invalid, 'decided_on') THEN 'unknown'
       ELSE 'no' END AS outcome,
  days_between(r.applied_on, r.decided_on) AS days, r.record
FROM period AS p
JOIN period AS today ON today.kind = 'snapshot'
JOIN relief_application AS r ON add_days(r.applied_on, p.relief_decision_days) BETWEEN p.starts_on AND p.ends_on AND add_days(r.applied_on, p.relief_decision_days) <= today.snapshot_on
JOIN known_child AS k ON k.child_id = r.child_id
WHERE p.kind = 'quarter'
