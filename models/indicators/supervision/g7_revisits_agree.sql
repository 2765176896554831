/*
code = "G7"
title = { zh = "现场抽核一致率", en = "Re-visits that confirm the record" }
question = { zh = "随机抽出的走访，上门一核对得上吗？", en = "Does a second visit, drawn at random, confirm the record?" }
counted = { zh = "走访属实且记录与现场一致的", en = "the visit took place and what was recorded agrees" }
out_of = { zh = "由程序随机抽取、抽核期限已到或已抽核的走访", en = "visits drawn at random by the program, visited again or due to be" }
excluded = { zh = "没有抽中的走访；抽核期限尚未到期的", en = "visits that were not drawn; those whose second visit is not yet due" }
unknown = { zh = "到期未抽核，或结果未填、无法辨认", en = "due and not visited again, or the answer not recorded or unreadable" }
clause = "七·1"
owner = { zh = "监督小组", en = "supervisory group" }
period = "quarter"
kind = "share"
unit = "share"
better = "higher"
disclosure = "work"
subject = "visit"
needs = ["revisit"]
parameters = ["revisit_days"]
partner = ["C12", "I10"]
author = "守护 Shouhu"
reviewed_on = 2026-11-24
*/
SELECT p.period, k.village_code AS area, r.child_id || '@' || CAST(r.due_on AS VARCHAR) AS subject,
  CASE WHEN r.revisited_on IS NULL OR r.revisited_on > today.snapshot_on THEN 'unknown'
       WHEN r.visit_confirmed = FALSE OR r.facts_agree = FALSE THEN 'no'
       WHEN r.visit_confirmed AND r.facts_agree THEN 'yes'
       ELSE 'unknown' END AS outcome,
  days_between(r.drawn_on, r.revisited_on) AS days, r.record
FROM period AS p
JOIN period AS today ON today.kind = 'snapshot'
JOIN revisit AS r ON r.quarter = p.period
  AND (r.revisited_on <= today.snapshot_on OR add_days(r.drawn_on, p.revisit_days) < today.snapshot_on)
JOIN known_child AS k ON k.child_id = r.child_id
