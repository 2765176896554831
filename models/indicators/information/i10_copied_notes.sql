/*
code = "I10"
title = { zh = "走访记录雷同率", en = "Notes that were copied" }
question = { zh = "走访记录是照抄的吗？", en = "Were the notes of visits copied?" }
counted = { zh = "与同一走访人另一份记录几乎相同的", en = "nearly the same as another note by the same visitor" }
out_of = { zh = "期内走访中有记录且达到最少字数的（短的例行记录不计）", en = "visits of the period with a note of at least the least length (short standard notes are left out)" }
excluded = { zh = "没有文字记录的走访；少于最少字数的例行短记录", en = "visits without a note; standard notes shorter than the least length" }
unknown = { zh = "没有记走访人，无从比较", en = "the visitor is not recorded, so there is nothing to compare with" }
clause = "七·1"
owner = { zh = "村", en = "village" }
period = "quarter"
kind = "share"
unit = "share"
better = "lower"
disclosure = "work"
subject = "visit"
needs = ["visit"]
parameters = ["note_length_least", "note_likeness_percent"]
partner = ["C12", "G7"]
author = "守护 Shouhu"
reviewed_on = 2026-11-24
*/
-- The estimate of likeness is made beside the tables from keyed signatures: the words of the notes stay sealed.
SELECT p.period, k.village_code AS area, v.child_id || '@' || CAST(v.due_on AS VARCHAR) AS subject,
  CASE WHEN l.likeness_percent IS NULL THEN 'unknown'
       WHEN l.likeness_percent >= p.note_likeness_percent THEN 'yes'
       ELSE 'no' END AS outcome, v.record
FROM period AS p
JOIN visit AS v ON v.visited_on BETWEEN p.starts_on AND p.snapshot_on AND v.note_length >= p.note_length_least
JOIN known_child AS k ON k.child_id = v.child_id
LEFT JOIN note_likeness AS l ON l.child_id = v.child_id AND l.due_on = v.due_on
WHERE p.kind = 'quarter'
