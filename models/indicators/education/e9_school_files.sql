/*
code = "E9"
title = { zh = "学校建档率", en = "Pupils with a school file" }
question = { zh = "学校给每名留守儿童建档了吗？", en = "Does the school keep a file on each left-behind pupil?" }
counted = { zh = "期末前学校已建档的", en = "with a school file opened by the end of the period" }
out_of = { zh = "在读（花名册）的留守儿童", en = "left-behind children on a roster" }
excluded = { zh = "不在学校花名册上的儿童；资格不成立或待核实的儿童", en = "children on no school's roster; children not, or not yet, established as left-behind" }
unknown = { zh = "是否建档未填、无法辨认或未登记", en = "not recorded, unreadable or not on the register" }
clause = "四·1"
owner = { zh = "学校", en = "school" }
period = "term"
kind = "share"
unit = "share"
better = "higher"
disclosure = "work"
subject = "child"
needs = ["school_care"]
partner = ["C2"]
author = "守护 Shouhu"
reviewed_on = 2026-11-24
*/
SELECT p.period, q.village_code AS area, q.child_id AS subject,
  CASE WHEN c.has_file = FALSE OR c.file_opened_on > p.snapshot_on THEN 'no'
       WHEN c.has_file OR c.file_opened_on IS NOT NULL THEN 'yes'
       ELSE 'unknown' END AS outcome, COALESCE(c.record, q.record) AS record
FROM period AS p
JOIN pupil AS q ON q.on_day = p.snapshot_on
LEFT JOIN school_care AS c ON c.child_id = q.child_id AND c.term = p.period
WHERE p.kind = 'term'
