/*
code = "E1"
title = { zh = "义务教育在学率", en = "Children of school age in school" }
question = { zh = "义务教育年龄的孩子都在上学吗？", en = "Are all children of compulsory-school age at school?" }
counted = { zh = "在读（村台账或学校花名册）", en = "enrolled by the village ledger or on a school roster" }
out_of = { zh = "义务教育年龄的留守儿童", en = "left-behind children of compulsory-school age" }
excluded = { zh = "不在义务教育年龄或年龄不明的儿童；资格不成立或待核实的；不在任何名单上的", en = "children outside compulsory-school age or of unknown age; those not, or not yet, established as left-behind; those on no list" }
unknown = { zh = "就学状况未填或无法辨认，也不在花名册上", en = "status not recorded or unreadable, and on no roster" }
clause = "五·3"
owner = { zh = "教育", en = "education" }
period = "term"
kind = "share"
unit = "share"
better = "higher"
disclosure = "status"
subject = "child"
needs = ["schooling"]
parameters = ["compulsory_age_from_years", "compulsory_age_to_years"]
partner = ["E2"]
author = "守护 Shouhu"
reviewed_on = 2026-11-24
*/
WITH study AS (
  SELECT child_id,
    MAX(CASE WHEN source = 'village' THEN status END) AS village_status,
    MIN(CASE WHEN source = 'school' AND status = 'enrolled' THEN COALESCE(registered_on, known_on) END) AS roster_on,
    MIN(record) AS record
  FROM schooling
  GROUP BY child_id
)
SELECT p.period, q.village_code AS area, q.child_id AS subject,
  CASE WHEN s.roster_on <= p.snapshot_on OR s.village_status = 'enrolled' THEN 'yes'
       WHEN s.village_status IS NULL THEN 'unknown'
       ELSE 'no' END AS outcome,
  COALESCE(s.record, q.record) AS record
FROM period AS p
JOIN population AS q ON q.on_day = p.snapshot_on
LEFT JOIN study AS s ON s.child_id = q.child_id
WHERE p.kind = 'term' AND q.eligibility = 'yes' AND q.listed
  AND q.age_years BETWEEN p.compulsory_age_from_years AND p.compulsory_age_to_years
