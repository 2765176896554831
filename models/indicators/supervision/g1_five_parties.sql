/*
code = "G1"
title = { zh = "监督小组构成合规", en = "Five parties present" }
question = { zh = "检查时五方都到场了吗？", en = "Were all five parties at the checks?" }
counted = { zh = "五方都到场的", en = "all five present" }
out_of = { zh = "期内已进行的检查", en = "checks held in the period" }
excluded = { zh = "尚未进行的检查；检查日期无法辨认的", en = "checks not held yet, or on a day that cannot be read" }
unknown = { zh = "有一方未填，其余没有缺席", en = "one party not recorded, none absent" }
clause = "七·1"
owner = { zh = "监督小组", en = "supervisory group" }
period = "quarter"
kind = "share"
unit = "share"
better = "higher"
disclosure = "work"
subject = "inspection"
needs = ["inspection"]
partner = ["G2"]
author = "守护 Shouhu"
reviewed_on = 2026-11-24
*/
SELECT p.period, i.org_code AS area, i.inspection_no AS subject,
  CASE WHEN i.department_present = FALSE OR i.village_present = FALSE OR i.teacher_present = FALSE
         OR i.parent_present = FALSE OR i.observer_present = FALSE THEN 'no'
       WHEN i.department_present AND i.village_present AND i.teacher_present AND i.parent_present
         AND i.observer_present THEN 'yes'
       ELSE 'unknown' END AS outcome, i.record
FROM period AS p
JOIN inspection AS i ON i.quarter = p.period
WHERE i.inspected_on IS NOT NULL
