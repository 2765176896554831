/*
code = "E7"
title = { zh = "资助应享尽享率", en = "Education aid that was paid" }
question = { zh = "应享受的资助都发了吗？", en = "Was every aid paid to which a pupil is entitled?" }
counted = { zh = "已发放的", en = "paid" }
out_of = { zh = "应享受的资助（儿童×项目）", en = "entitled pairs of child and aid" }
excluded = { zh = "不应享受的，或没有登记是否应享受的资助；学期还没有结束的（未到期）", en = "aid to which the pupil is not entitled, or whose entitlement is not recorded; terms that have not ended (not yet due)" }
unknown = { zh = "发放日期无法辨认", en = "a day that cannot be read" }
clause = "五·3"
owner = { zh = "教育", en = "education" }
period = "term"
kind = "share"
unit = "share"
better = "higher"
disclosure = "status"
subject = "aid"
needs = ["education_aid"]
author = "守护 Shouhu"
reviewed_on = 2026-11-24
*/
SELECT p.period, k.village_code AS area, a.child_id || '@' || a.item AS subject,
  CASE WHEN a.paid_on <= today.snapshot_on THEN 'yes'
       WHEN unusable(a.invalid, 'paid_on') THEN 'unknown'
       ELSE 'no' END AS outcome,
  a.amount, a.record
FROM period AS p
-- What a term owes is due on its last day; what was paid after it has been paid.
JOIN period AS today ON today.kind = 'snapshot'
JOIN education_aid AS a ON a.term = p.period
JOIN known_child AS k ON k.child_id = a.child_id
WHERE p.ends_on = p.snapshot_on AND a.entitled
