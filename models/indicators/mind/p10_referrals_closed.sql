/*
code = "P10"
title = { zh = "转介闭环率", en = "Referrals reported back" }
question = { zh = "转介的结果反馈给学校了吗？", en = "Was the outcome of each referral returned to whoever referred?" }
counted = { zh = "结果已反馈的", en = "outcome returned" }
out_of = { zh = "期内超过反馈期限的转介", en = "referrals that passed the feedback limit in the period" }
excluded = { zh = "尚未超过反馈期限的转介；决定日期无法辨认的", en = "referrals still within the feedback limit; those decided on a day that cannot be read" }
unknown = { zh = "日期无法辨认", en = "a day that cannot be read" }
clause = "五·4"
owner = { zh = "卫健·学校", en = "health and schools" }
period = "quarter"
kind = "share"
unit = "share"
better = "higher"
disclosure = "status"
subject = "referral"
needs = ["psych_referral"]
parameters = ["referral_feedback_days"]
partner = ["P9"]
author = "守护 Shouhu"
reviewed_on = 2026-11-24
*/
SELECT p.period, k.village_code AS area, r.child_id || '@' || CAST(r.decided_on AS VARCHAR) AS subject,
  CASE WHEN r.returned_on IS NOT NULL THEN 'yes'
       WHEN unusable(r.invalid, 'returned_on') THEN 'unknown'
       ELSE 'no' END AS outcome,
  days_between(r.decided_on, r.returned_on) AS days, r.record
FROM period AS p
JOIN period AS today ON today.kind = 'snapshot'
JOIN psych_referral AS r ON add_days(r.decided_on, p.referral_feedback_days) BETWEEN p.starts_on AND p.ends_on AND add_days(r.decided_on, p.referral_feedback_days) <= today.snapshot_on
JOIN known_child AS k ON k.child_id = r.child_id
WHERE p.kind = 'quarter'
