/*
code = "S13"
title = { zh = "法律援助回应率", en = "Legal aid answered in time" }
question = { zh = "法律援助和咨询的申请按时答复了吗？", en = "Was each request for legal aid or advice answered in time?" }
counted = { zh = "期限内答复的", en = "answered within the limit" }
out_of = { zh = "期内到期的法律援助和咨询申请", en = "requests for legal aid or advice that fell due in the period" }
excluded = { zh = "答复期限尚未到期的申请；申请日期无法辨认的", en = "requests not yet due for an answer; those made on a day that cannot be read" }
unknown = { zh = "答复日期无法辨认", en = "a day of answer that cannot be read" }
clause = "四·1"
owner = { zh = "司法", en = "justice" }
period = "year"
kind = "share"
unit = "share"
better = "higher"
disclosure = "status"
subject = "request"
needs = ["legal_aid"]
parameters = ["legal_aid_answer_days"]
partner = ["G5"]
author = "守护 Shouhu"
reviewed_on = 2026-11-24
*/
SELECT p.period, k.village_code AS area, r.child_id || '@' || CAST(r.requested_on AS VARCHAR) AS subject,
  CASE WHEN days_between(r.requested_on, r.answered_on) <= p.legal_aid_answer_days THEN 'yes'
       WHEN unusable(r.invalid, 'answered_on') THEN 'unknown'
       ELSE 'no' END AS outcome,
  days_between(r.requested_on, r.answered_on) AS days, r.record
FROM period AS p
JOIN period AS today ON today.kind = 'snapshot'
JOIN legal_aid AS r ON add_days(r.requested_on, p.legal_aid_answer_days) BETWEEN p.starts_on AND p.ends_on
  AND add_days(r.requested_on, p.legal_aid_answer_days) <= today.snapshot_on
JOIN known_child AS k ON k.child_id = r.child_id
WHERE p.kind = 'year'
