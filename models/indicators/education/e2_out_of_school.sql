/*
code = "E2"
title = { zh = "失学人数与劝返率", en = "Children out of school, and those called back" }
question = { zh = "有多少孩子失学，劝返了多少？", en = "How many children are out of school, and how many were brought back?" }
counted = { zh = "村台账登记失学且不在花名册上的；登记失学后已在花名册上的", en = "registered as out of school and on no roster; registered and by now on a roster" }
out_of = { zh = "义务教育年龄的留守儿童；其中登记失学的", en = "left-behind children of compulsory-school age; those registered as out of school" }
excluded = { zh = "不在义务教育年龄或年龄不明的儿童；资格不成立或待核实的；不在任何名单上的", en = "children outside compulsory-school age or of unknown age; those not, or not yet, established as left-behind; those on no list" }
unknown = { zh = "就学状况未填或无法辨认，也不在花名册上", en = "status not recorded or unreadable, and on no roster" }
clause = "五·3"
owner = { zh = "教育", en = "education" }
period = "month"
kind = "count"
unit = "count"
better = "lower"
disclosure = "status"
subject = "child"
needs = ["schooling"]
parameters = ["compulsory_age_from_years", "compulsory_age_to_years"]
partner = ["E1"]
author = "守护 Shouhu"
reviewed_on = 2026-11-24

[series]
"out_of_school" = { zh = "失学", en = "out of school" }
"returned" = { zh = "劝返", en = "brought back", kind = "share" }
*/
WITH study AS (
  SELECT child_id,
    MAX(CASE WHEN source = 'village' THEN status END) AS village_status,
    MIN(CASE WHEN source = 'school' AND status = 'enrolled' THEN COALESCE(registered_on, known_on) END) AS roster_on,
    MIN(record) AS record
  FROM schooling
  GROUP BY child_id
),
pupil AS (
  SELECT p.period, p.snapshot_on, q.child_id, q.village_code, s.village_status,
    s.roster_on <= p.snapshot_on AS on_roster, COALESCE(s.record, q.record) AS record
  FROM period AS p
  JOIN population AS q ON q.on_day = p.snapshot_on
  LEFT JOIN study AS s ON s.child_id = q.child_id
  WHERE p.kind = 'month' AND q.eligibility = 'yes' AND q.listed
    AND q.age_years BETWEEN p.compulsory_age_from_years AND p.compulsory_age_to_years
)
SELECT 'out_of_school' AS series, period, village_code AS area, child_id AS subject,
  CASE WHEN COALESCE(on_roster, FALSE) THEN 'no'
       WHEN village_status = 'out_of_school' THEN 'yes'
       WHEN village_status IS NULL THEN 'unknown'
       ELSE 'no' END AS outcome, record
FROM pupil
UNION ALL
SELECT 'returned' AS series, period, village_code AS area, child_id AS subject,
  CASE WHEN COALESCE(on_roster, FALSE) THEN 'yes' ELSE 'no' END AS outcome, record
FROM pupil WHERE village_status = 'out_of_school'
