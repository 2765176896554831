/*
code = "S9"
title = { zh = "事后跟踪安抚率", en = "Accidents followed up" }
question = { zh = "出事之后，有人跟踪安抚孩子吗？", en = "Was each accident followed up?" }
counted = { zh = "时限内跟踪安抚的", en = "followed up within the limit" }
out_of = { zh = "期内跟踪安抚到期的意外事故", en = "accidents whose follow-up fell due in the period" }
excluded = { zh = "跟踪安抚尚未到期的事故；发生日期无法辨认的", en = "accidents not yet due for follow-up; those on a day that cannot be read" }
unknown = { zh = "跟踪日期无法辨认", en = "a day that cannot be read" }
clause = "五·5"
owner = { zh = "民政", en = "civil affairs" }
period = "quarter"
kind = "share"
unit = "share"
better = "higher"
disclosure = "status"
subject = "incident"
needs = ["incident"]
parameters = ["incident_follow_up_days"]
partner = ["S8"]
author = "守护 Shouhu"
reviewed_on = 2026-11-24
*/
SELECT p.period, k.village_code AS area, i.child_id || '@' || i.kind || '@' || CAST(i.happened_on AS VARCHAR) AS subject,
  CASE WHEN days_between(i.happened_on, i.followed_up_on) <= p.incident_follow_up_days THEN 'yes'
       WHEN unusable(i.invalid, 'followed_up_on') THEN 'unknown'
       ELSE 'no' END AS outcome,
  days_between(i.happened_on, i.followed_up_on) AS days, i.record
FROM period AS p
JOIN period AS today ON today.kind = 'snapshot'
JOIN incident AS i ON add_days(i.happened_on, p.incident_follow_up_days) BETWEEN p.starts_on AND p.ends_on
  AND add_days(i.happened_on, p.incident_follow_up_days) <= today.snapshot_on
JOIN known_child AS k ON k.child_id = i.child_id
WHERE p.kind = 'quarter'
