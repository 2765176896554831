/*
code = "R9"
title = { zh = "住房排查率", en = "Dwellings checked" }
question = { zh = "留守儿童家的房子一年内查过吗？", en = "Was each left-behind child's dwelling checked within the year?" }
counted = { zh = "期限内排查过的", en = "checked within the limit" }
out_of = { zh = "留守儿童家庭住房（户）", en = "dwellings (households) of left-behind children" }
excluded = { zh = "没有在册留守儿童的家庭；超过期限的排查不算", en = "households without a left-behind child on a list; checks older than the limit do not count" }
unknown = { zh = "无", en = "none" }
clause = "五·2"
owner = { zh = "住建·村", en = "housing and villages" }
period = "year"
kind = "share"
unit = "share"
better = "higher"
disclosure = "work"
subject = "dwelling"
needs = ["dwelling_check"]
parameters = ["dwelling_check_months"]
partner = ["R10"]
author = "守护 Shouhu"
reviewed_on = 2026-11-24
*/
WITH dwelling AS (
  SELECT p.period, p.snapshot_on, p.dwelling_check_months, f.household_ref,
    MIN(f.village_code) AS area, MIN(q.record) AS record
  FROM period AS p
  JOIN population AS q ON q.on_day = p.snapshot_on
  JOIN family AS f ON f.child_id = q.child_id
  WHERE p.kind = 'year' AND q.eligibility = 'yes' AND q.listed
  GROUP BY p.period, p.snapshot_on, p.dwelling_check_months, f.household_ref
),
checked AS (
  SELECT f.household_ref, c.checked_on, c.record
  FROM dwelling_check AS c JOIN family AS f ON f.child_id = c.child_id
  UNION ALL
  SELECT c.carer_ref AS household_ref, c.checked_on, c.record FROM dwelling_check AS c
),
recent AS (
  SELECT d.period, d.household_ref, MAX(c.record) AS record
  FROM dwelling AS d
  JOIN checked AS c ON c.household_ref = d.household_ref
    AND c.checked_on BETWEEN add_months(d.snapshot_on, 0 - d.dwelling_check_months) AND d.snapshot_on
  GROUP BY d.period, d.household_ref
)
SELECT d.period, d.area, d.household_ref AS subject, CASE WHEN r.household_ref IS NOT NULL THEN 'yes' ELSE 'no' END AS outcome,
  COALESCE(r.record, d.record) AS record
FROM dwelling AS d
LEFT JOIN recent AS r ON r.period = d.period AND r.household_ref = d.household_ref
