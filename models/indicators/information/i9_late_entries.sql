/*
code = "I9"
title = { zh = "补录率", en = "Visits typed in late" }
question = { zh = "走访记录是不是事后补的？", en = "Were visits typed in long afterwards, once the period was over?" }
counted = { zh = "走访后超过期限、且在该季度结束后才录入的", en = "typed in later than the limit after the visit, and after its quarter had closed" }
out_of = { zh = "期内完成的走访", en = "visits made in the period" }
excluded = { zh = "没有完成的应访；走访日期无法辨认的", en = "visits due but not made; visits on a day that cannot be read" }
unknown = { zh = "录入日期未填或无法辨认", en = "day of entry not recorded or unreadable" }
clause = "五·1"
owner = { zh = "村", en = "village" }
period = "quarter"
kind = "share"
unit = "share"
better = "lower"
disclosure = "work"
subject = "visit"
needs = ["visit"]
parameters = ["late_entry_days"]
partner = ["C12"]
author = "守护 Shouhu"
reviewed_on = 2026-11-24
*/
SELECT p.period, k.village_code AS area, v.child_id || '@' || CAST(v.due_on AS VARCHAR) AS subject,
  CASE WHEN v.recorded_on IS NULL THEN 'unknown'
       WHEN days_between(v.visited_on, v.recorded_on) > p.late_entry_days AND v.recorded_on > p.ends_on THEN 'yes'
       ELSE 'no' END AS outcome,
  days_between(v.visited_on, v.recorded_on) AS days, v.record
FROM period AS p
JOIN visit AS v ON v.visited_on BETWEEN p.starts_on AND p.snapshot_on
JOIN known_child AS k ON k.child_id = v.child_id
WHERE p.kind = 'quarter'
