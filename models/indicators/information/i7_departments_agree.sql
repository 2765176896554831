/*
code = "I7"
title = { zh = "跨部门一致率", en = "Departments agree" }
question = { zh = "各部门说的是一回事吗？", en = "Do the departments say the same of a child?" }
counted = { zh = "各部门所填一致的", en = "all departments that state it agree" }
out_of = { zh = "期末在册、至少两个部门都填了该项的儿童", en = "children on a list at the period's end for whom at least two departments state the item" }
excluded = { zh = "只有一个部门填了该项的儿童；不在任何名单上的", en = "children for whom one department alone states the item; children on no list" }
unknown = { zh = "第二个部门填了但无法辨认", en = "a second department wrote it, but unreadably" }
clause = "五·1"
owner = { zh = "四部门", en = "the four departments" }
period = "quarter"
kind = "share"
unit = "share"
better = "higher"
disclosure = "work"
subject = "child"
needs = ["enrolment_episode"]
partner = ["I6"]
author = "守护 Shouhu"
reviewed_on = 2026-11-24

[series]
"birth_date" = { zh = "出生日期", en = "birth date" }
"sex" = { zh = "性别", en = "sex" }
"village" = { zh = "所在村", en = "village" }
"father_away" = { zh = "父亲是否外出", en = "whether the father is away" }
"mother_away" = { zh = "母亲是否外出", en = "whether the mother is away" }
"school" = { zh = "就读学校", en = "school" }
"grade" = { zh = "年级", en = "grade" }
*/
WITH compared AS (
  SELECT child_id, field, COUNT(DISTINCT department) AS n_departments,
    COUNT(DISTINCT CASE WHEN value IS NOT NULL THEN department END) AS n_stating,
    MIN(value) AS least, MAX(value) AS most, MIN(record) AS record
  FROM stated_value
  GROUP BY child_id, field
)
SELECT c.field AS series, p.period, q.village_code AS area, q.child_id AS subject,
  CASE WHEN c.n_stating < 2 THEN 'unknown' WHEN c.least = c.most THEN 'yes' ELSE 'no' END AS outcome, c.record
FROM period AS p
JOIN population AS q ON q.on_day = p.snapshot_on AND q.listed
JOIN compared AS c ON c.child_id = q.child_id
WHERE p.kind = 'quarter' AND c.n_departments >= 2
