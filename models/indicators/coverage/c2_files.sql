/*
code = "C2"
title = { zh = "建档率", en = "Children with a village file" }
question = { zh = "名单上的留守儿童，村里都建了档案吗？", en = "Has the village a file on every left-behind child on any list?" }
counted = { zh = "其中村（社区）有未关闭档案的儿童", en = "those with an open village file" }
out_of = { zh = "期末在村、学校、公安任一名单上、资格成立的儿童", en = "children established as left-behind and on the village, school or police list at the end of the period" }
excluded = { zh = "资格不成立或待核实的儿童；期末前已退出全部名单的", en = "children not, or not yet, established as left-behind; those off every list by the end of the period" }
unknown = { zh = "无", en = "none" }
clause = "四·2"
owner = { zh = "村", en = "village" }
period = "quarter"
kind = "share"
unit = "share"
better = "higher"
disclosure = "work"
subject = "child"
needs = ["enrolment_episode"]
partner = ["C5"]
author = "守护 Shouhu"
reviewed_on = 2026-11-24
*/
SELECT p.period, q.village_code AS area, q.child_id AS subject,
  CASE WHEN q.file_open THEN 'yes' ELSE 'no' END AS outcome, q.record
FROM period AS p
JOIN population AS q ON q.on_day = p.snapshot_on
WHERE p.kind = 'quarter' AND q.eligibility = 'yes' AND q.listed
