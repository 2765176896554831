/*
code = "E8"
title = { zh = "家校沟通率", en = "Guardians informed by the school" }
question = { zh = "学校每学期和监护人沟通够了吗？", en = "Did each guardian hear from the school often enough this term?" }
counted = { zh = "沟通次数达到的", en = "with at least that many contacts" }
out_of = { zh = "在读（花名册）的留守儿童", en = "left-behind children on a roster" }
excluded = { zh = "不在学校花名册上的儿童；资格不成立或待核实的儿童；学期还没有结束的（未到期）", en = "children on no school's roster; children not, or not yet, established as left-behind; terms that have not ended (not yet due)" }
unknown = { zh = "次数未填或无法辨认", en = "number not recorded or unreadable" }
clause = "四·3"
owner = { zh = "学校", en = "school" }
period = "term"
kind = "share"
unit = "share"
better = "higher"
disclosure = "work"
subject = "child"
needs = ["guardian_feedback"]
parameters = ["feedbacks_per_term"]
author = "守护 Shouhu"
reviewed_on = 2026-11-24
*/
SELECT p.period, q.village_code AS area, q.child_id AS subject,
  CASE WHEN g.n_feedbacks IS NULL THEN 'unknown'
       WHEN g.n_feedbacks >= p.feedbacks_per_term THEN 'yes'
       ELSE 'no' END AS outcome, COALESCE(g.record, q.record) AS record
FROM period AS p
JOIN pupil AS q ON q.on_day = p.snapshot_on
LEFT JOIN guardian_feedback AS g ON g.child_id = q.child_id AND g.term = p.period
-- What a term asks for is due on its last day.
WHERE p.kind = 'term' AND p.ends_on = p.snapshot_on
