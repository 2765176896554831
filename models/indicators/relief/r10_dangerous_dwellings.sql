/*
code = "R10"
title = { zh = "危房处置完成率", en = "Dangerous dwellings dealt with" }
question = { zh = "查出的危房修好或搬离了吗？还有孩子住在D级危房里吗？", en = "Were the dangerous dwellings repaired or left, and do children still live in one of grade D?" }
counted = { zh = "已修缮、重建或搬迁的；仍住D级的儿童人数", en = "repaired, rebuilt or left; children still in grade D" }
out_of = { zh = "查出的C、D级住房", en = "dwellings found to be of grade C or D" }
excluded = { zh = "从未评为C、D级的住房；没有评级的排查；人数中资格不成立或待核实的儿童", en = "dwellings never found to be of grade C or D; checks without a grade; among the children, those not, or not yet, established as left-behind" }
unknown = { zh = "完成日期无法辨认", en = "a completion day that cannot be read" }
clause = "五·2"
owner = { zh = "住建", en = "housing" }
period = "quarter"
kind = "share"
unit = "share"
better = "higher"
disclosure = "status"
subject = "dwelling"
needs = ["dwelling_check"]
partner = ["R9"]
author = "守护 Shouhu"
reviewed_on = 2026-11-24

[series]
"" = { zh = "处置完成", en = "dealt with" }
"children_in_D" = { zh = "仍住D级危房的儿童", en = "children still in grade D", kind = "count" }
*/
WITH checked AS (
  SELECT p.period, p.snapshot_on, COALESCE(c.carer_ref, f.household_ref) AS household_ref, f.village_code,
    c.child_id, c.checked_on, c.grade, c.completed_on, c.invalid, c.record,
    ROW_NUMBER() OVER (PARTITION BY p.period, COALESCE(c.carer_ref, f.household_ref)
                       ORDER BY c.checked_on DESC, c.grade DESC, c.record) AS newest
  FROM period AS p
  JOIN dwelling_check AS c ON c.checked_on <= p.snapshot_on
  JOIN family AS f ON f.child_id = c.child_id
  WHERE p.kind = 'quarter' AND c.grade IS NOT NULL
),
found AS (
  SELECT period, household_ref, MIN(newest) AS newest_found
  FROM checked WHERE grade IN ('C', 'D')
  GROUP BY period, household_ref
),
dwelling AS (
  SELECT c.period, c.snapshot_on, c.household_ref, c.village_code, c.child_id, c.grade, c.record, c.newest,
    CASE WHEN c.newest > 1 THEN 'yes'
         WHEN c.completed_on <= c.snapshot_on THEN 'yes'
         WHEN unusable(c.invalid, 'completed_on') THEN 'unknown'
         ELSE 'no' END AS outcome
  FROM checked AS c
  JOIN found AS f ON f.period = c.period AND f.household_ref = c.household_ref AND f.newest_found = c.newest
),
living_there AS (
  -- The child of the check, and every child of that household.
  SELECT period, snapshot_on, child_id, outcome, record FROM dwelling WHERE grade = 'D'
  UNION ALL
  SELECT d.period, d.snapshot_on, f.child_id, d.outcome, d.record
  FROM dwelling AS d
  JOIN family AS f ON f.household_ref = d.household_ref
  WHERE d.grade = 'D'
),
in_danger AS (
  SELECT d.period, q.village_code, q.child_id, MIN(d.record) AS record,
    MIN(CASE WHEN d.outcome = 'no' THEN 'a' WHEN d.outcome = 'unknown' THEN 'b' ELSE 'c' END) AS worst
  FROM living_there AS d
  JOIN population AS q ON q.on_day = d.snapshot_on AND q.child_id = d.child_id
  WHERE q.eligibility = 'yes' AND q.listed
  GROUP BY d.period, q.village_code, q.child_id
)
SELECT '' AS series, period, village_code AS area, household_ref AS subject, outcome, record FROM dwelling
UNION ALL
SELECT 'children_in_D' AS series, period, village_code AS area, child_id AS subject,
  CASE worst WHEN 'a' THEN 'yes' WHEN 'b' THEN 'unknown' ELSE 'no' END AS outcome, record
FROM in_danger
