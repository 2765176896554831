/*
code = "G5"
title = { zh = "问题反馈闭环率", en = "Concerns acted on and fed back" }
question = { zh = "村里反映的问题，有受理、有处置、有反馈吗？", en = "Were the village's concerns taken up, acted on and answered?" }
counted = { zh = "期限内受理、处置并反馈的", en = "acknowledged, acted on and fed back within the limit" }
out_of = { zh = "期内到期的村级反馈问题", en = "village concerns that fell due in the period" }
excluded = { zh = "期限尚未到期的；不是村（社区）反映的", en = "concerns not yet due; those that did not come from a village" }
unknown = { zh = "有一个日期无法辨认", en = "one of the days cannot be read" }
clause = "四·2"
owner = { zh = "各部门", en = "all departments" }
period = "quarter"
kind = "share"
unit = "share"
better = "higher"
disclosure = "status"
subject = "concern"
needs = ["concern"]
parameters = ["concern_closed_days"]
partner = ["S10"]
author = "守护 Shouhu"
reviewed_on = 2026-11-24
*/
SELECT p.period, k.village_code AS area,
  c.child_id || '@' || c.situation || '@' || CAST(c.aware_on AS VARCHAR) AS subject,
  CASE WHEN c.accepted_on > add_days(c.aware_on, p.concern_closed_days)
         OR c.acted_on > add_days(c.aware_on, p.concern_closed_days)
         OR c.fed_back_on > add_days(c.aware_on, p.concern_closed_days) THEN 'no'
       WHEN c.accepted_on IS NULL AND NOT unusable(c.invalid, 'accepted_on') THEN 'no'
       WHEN c.acted_on IS NULL AND NOT unusable(c.invalid, 'acted_on') THEN 'no'
       WHEN c.fed_back_on IS NULL AND NOT unusable(c.invalid, 'fed_back_on') THEN 'no'
       WHEN c.accepted_on IS NULL OR c.acted_on IS NULL OR c.fed_back_on IS NULL THEN 'unknown'
       ELSE 'yes' END AS outcome,
  days_between(c.aware_on, c.fed_back_on) AS days, c.record
FROM period AS p
JOIN period AS today ON today.kind = 'snapshot'
JOIN concern AS c ON add_days(c.aware_on, p.concern_closed_days) BETWEEN p.starts_on AND p.ends_on
  AND add_days(c.aware_on, p.concern_closed_days) <= today.snapshot_on
JOIN known_child AS k ON k.child_id = c.child_id
WHERE p.kind = 'quarter' AND c.source = 'village'
