/*
code = "P9"
title = { zh = "转介接诊时效", en = "Referrals seen in time" }
question = { zh = "转介的孩子及时得到首诊了吗？", en = "Was each referred child first seen in time?" }
counted = { zh = "期限内首诊的", en = "first seen within the limit" }
out_of = { zh = "期内首诊到期的转介", en = "referrals whose first visit fell due in the period" }
excluded = { zh = "首诊尚未到期的转介；决定日期无法辨认的", en = "referrals whose first visit is not yet due; those decided on a day that cannot be read" }
unknown = { zh = "日期无法辨认", en = "a day that cannot be read" }
clause = "五·4"
owner = { zh = "卫健", en = "health" }
period = "quarter"
kind = "share"
unit = "share"
better = "higher"
disclosure = "status"
subject = "referral"
needs = ["psych_referral"]
parameters = ["first_professional_visit_days"]
partner = ["P8"]
author = "守护 Shouhu"
reviewed_on = 2026-11-24
*/
SELECT p.period, k.village_code AS area, r.child_id || '@' || CAST(r.decided_on AS VARCHAR) AS subject,
  CASE WHEN days_between(r.decided_on, r.first_seen_on) <= p.first_professional_visit_days THEN 'yes'
       WHEN unusable(r.invalid, 'first_seen_on') THEN 'unknown'
       ELSE 'no' END AS outcome,
  days_between(r.decided_on, r.first_seen_on) AS days, r.record
FROM period AS p
JOIN period AS today ON today.kind = 'snapshot'
JOIN psych_referral AS r ON add_days(r.decided_on, p.first_professional_visit_days) BETWEEN p.starts_on AND p.ends_on AND add_days(r.decided_on, p.first_professional_visit_days) <= today.snapshot_on
JOIN known_child AS k ON k.child_id = r.child_id
WHERE p.kind = 'quarter'
