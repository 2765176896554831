/*
code = "R4"
title = { zh = "临时救助时效", en = "First aid after an emergency" }
question = { zh = "家里出了突发事件，救助及时到了吗？", en = "Did first aid come soon after an emergency?" }
counted = { zh = "期限内得到首次救助的", en = "first helped within the limit" }
out_of = { zh = "期内应得到首次救助的突发事件", en = "emergencies whose first aid fell due in the period" }
excluded = { zh = "首次救助尚未到期的；发生日期无法辨认的；同一儿童同一天的事件只计一次", en = "emergencies not yet due for first aid; those whose day cannot be read; what befell one child on one day counts once" }
unknown = { zh = "日期无法辨认", en = "a day that cannot be read" }
clause = "五·2"
owner = { zh = "民政", en = "civil affairs" }
period = "quarter"
kind = "share"
unit = "share"
better = "higher"
disclosure = "status"
subject = "emergency"
needs = ["relief_application"]
parameters = ["first_aid_days"]
author = "守护 Shouhu"
reviewed_on = 2026-11-24
*/
WITH emergency AS (
  SELECT child_id, emergency_on, MIN(first_aid_on) AS first_aid_on, MIN(record) AS record,
    MAX(CASE WHEN unusable(invalid, 'first_aid_on') THEN 1 ELSE 0 END) AS unread
  FROM relief_application
  GROUP BY child_id, emergency_on
)
SELECT p.period, k.village_code AS area, e.child_id || '@' || CAST(e.emergency_on AS VARCHAR) AS subject,
  CASE WHEN days_between(e.emergency_on, e.first_aid_on) <= p.first_aid_days THEN 'yes'
       WHEN e.unread = 1 THEN 'unknown'
       ELSE 'no' END AS outcome,
  days_between(e.emergency_on, e.first_aid_on) AS days, e.record
FROM period AS p
JOIN period AS today ON today.kind = 'snapshot'
JOIN emergency AS e ON add_days(e.emergency_on, p.first_aid_days) BETWEEN p.starts_on AND p.ends_on
  AND add_days(e.emergency_on, p.first_aid_days) <= today.snapshot_on
JOIN known_child AS k ON k.child_id = e.child_id
WHERE p.kind = 'quarter'
