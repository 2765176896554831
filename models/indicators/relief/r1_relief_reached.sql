/*
code = "R1"
title = { zh = "应救尽救率", en = "Entitled households that are on the scheme" }
question = { zh = "符合低保、特困条件的家庭，都纳入了吗？", en = "Is every household that meets a relief scheme's criteria on it?" }
counted = { zh = "其中已纳入的", en = "those on the scheme" }
out_of = { zh = "符合条件的留守儿童家庭", en = "households of left-behind children that meet the scheme's criteria" }
excluded = { zh = "收入在标准以上或没有记录的家庭；特困只看父母双方均已去世、服刑或失联的", en = "households above the line or without a recorded income; for support of the destitute, minors with a parent who is neither dead, imprisoned nor missing" }
unknown = { zh = "救助类别未填或无法辨认，也无批准记录", en = "enrolment not recorded or unreadable, and no approval on file" }
clause = "五·2"
owner = { zh = "民政", en = "civil affairs" }
period = "quarter"
kind = "share"
unit = "share"
better = "higher"
disclosure = "status"
subject = "household"
needs = ["household"]
partner = ["C5"]
author = "守护 Shouhu"
reviewed_on = 2026-11-24

[series]
"minimum_living" = { zh = "最低生活保障", en = "minimum living allowance" }
"extreme_poverty" = { zh = "特困供养", en = "support for the destitute" }
*/
WITH orphan AS (
  SELECT child_id FROM parent_fact WHERE status IN ('dead', 'imprisoned', 'missing') GROUP BY child_id HAVING COUNT(*) = 2
),
member AS (
  -- Minimum living: children of E_t in a household below the line.  Support for the destitute: listed minors of the
  -- district whose parents are both dead, imprisoned or missing, below the line (such a child has no parent away).
  SELECT p.period, p.snapshot_on, 'minimum_living' AS scheme, q.child_id
  FROM period AS p
  JOIN population AS q ON q.on_day = p.snapshot_on
  WHERE p.kind = 'quarter' AND q.eligibility = 'yes' AND q.listed
  UNION ALL
  SELECT p.period, p.snapshot_on, 'extreme_poverty' AS scheme, q.child_id
  FROM period AS p
  JOIN population AS q ON q.on_day = p.snapshot_on
  JOIN orphan AS o ON o.child_id = q.child_id
  WHERE p.kind = 'quarter' AND q.listed AND q.why = 'no_parent_away'
),
approved AS (
  SELECT COALESCE(a.carer_ref, f.household_ref) AS household_ref, a.scheme, MIN(a.decided_on) AS since
  FROM relief_application AS a
  JOIN family AS f ON f.child_id = a.child_id
  WHERE a.decision = 'approved'
  GROUP BY COALESCE(a.carer_ref, f.household_ref), a.scheme
),
meeting AS (
  SELECT m.period, m.snapshot_on, m.scheme, f.household_ref, MIN(f.village_code) AS area, MIN(f.record) AS record,
    MAX(CASE WHEN f.relief_status = 'extreme_poverty' OR f.relief_status = m.scheme THEN 1 ELSE 0 END) AS on_scheme,
    MIN(CASE WHEN f.relief_status IS NULL THEN 0 ELSE 1 END) AS recorded
  FROM member AS m
  JOIN family AS f ON f.child_id = m.child_id
  GROUP BY m.period, m.snapshot_on, m.scheme, f.household_ref
  HAVING MAX(CASE WHEN f.income_band = 'below_line' THEN 1 ELSE 0 END) = 1
)
SELECT m.scheme AS series, m.period, m.area, m.household_ref AS subject,
  CASE WHEN m.on_scheme = 1 OR a.household_ref IS NOT NULL THEN 'yes'
       WHEN m.recorded = 0 THEN 'unknown'
       ELSE 'no' END AS outcome, m.record
FROM meeting AS m
LEFT JOIN approved AS a ON a.household_ref = m.household_ref AND a.scheme = m.scheme AND a.since <= m.snapshot_on
