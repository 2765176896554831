/*
code = "I3"
title = { zh = "变更录入及时率", en = "Changes typed in in time" }
question = { zh = "家庭情况变了，及时更新了吗？", en = "When something changed, was it typed in soon?" }
counted = { zh = "变化后期限内录入的", en = "typed in within the limit after the change" }
out_of = { zh = "期内发生的变更", en = "changes that happened in the period" }
excluded = { zh = "期外发生的变更；发生日期无法辨认的", en = "changes of other periods; those on a day that cannot be read" }
unknown = { zh = "录入日期未填或无法辨认", en = "day of entry not recorded or unreadable" }
clause = "五·1"
owner = { zh = "各责任人", en = "whoever is named responsible" }
period = "quarter"
kind = "share"
unit = "share"
better = "higher"
disclosure = "work"
subject = "change"
needs = ["data_change"]
parameters = ["change_recorded_days"]
partner = ["I9"]
author = "守护 Shouhu"
reviewed_on = 2026-11-24
*/
SELECT p.period, k.village_code AS area, c.child_id || '@' || c.item || '@' || CAST(c.changed_on AS VARCHAR) AS subject,
  CASE WHEN c.recorded_on IS NULL THEN 'unknown'
       WHEN days_between(c.changed_on, c.recorded_on) <= p.change_recorded_days THEN 'yes'
       ELSE 'no' END AS outcome,
  days_between(c.changed_on, c.recorded_on) AS days, c.record
FROM period AS p
JOIN data_change AS c ON c.changed_on BETWEEN p.starts_on AND p.snapshot_on
JOIN known_child AS k ON k.child_id = c.child_id
WHERE p.kind = 'quarter'
