/*
code = "E5"
title = { zh = "学困帮扶率", en = "Struggling learners with tutoring" }
question = { zh = "学习困难的孩子有老师辅导吗？", en = "Do struggling learners have a teacher's help?" }
counted = { zh = "正在一对一或小组辅导的", en = "with active one-to-one or small-group tutoring" }
out_of = { zh = "学校认定的学困生", en = "learners whom the school flagged" }
excluded = { zh = "学校没有认定为学困生的，或没有登记是否认定的", en = "pupils whom the school did not flag, or of whom it did not say" }
unknown = { zh = "是否在帮扶、方式未填或无法辨认", en = "whether active, or how, not recorded or unreadable" }
clause = "五·3"
owner = { zh = "学校", en = "school" }
period = "term"
kind = "share"
unit = "share"
better = "higher"
disclosure = "status"
subject = "child"
needs = ["learning_support"]
author = "守护 Shouhu"
reviewed_on = 2026-11-24
*/
SELECT p.period, k.village_code AS area, l.child_id AS subject,
  CASE WHEN l.active = FALSE OR l.mode = 'peer' THEN 'no'
       WHEN l.active IS NULL OR l.mode IS NULL THEN 'unknown'
       ELSE 'yes' END AS outcome, l.record
FROM period AS p
JOIN learning_support AS l ON l.term = p.period
JOIN known_child AS k ON k.child_id = l.child_id
WHERE l.flagged
