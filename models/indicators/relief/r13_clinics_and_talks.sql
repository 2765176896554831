/*
code = "R13"
title = { zh = "义诊讲座覆盖率", en = "Villages and schools with a clinic or talk" }
question = { zh = "医护人员到每个村、每所学校义诊或讲课了吗？", en = "Did medical staff come to each village and school for a clinic or a talk?" }
counted = { zh = "期内至少有一次义诊或健康讲座的", en = "with at least one free clinic or health talk in the period" }
out_of = { zh = "期末至少有一名留守儿童的村（社区）和学校", en = "villages and schools with at least one left-behind child at the end of the period" }
excluded = { zh = "没有在册留守儿童的村（社区）和学校；其他类别的活动", en = "villages and schools without a left-behind child; activities of other kinds" }
unknown = { zh = "只有类别未填或无法辨认的活动", en = "only activities whose kind is not recorded or unreadable" }
clause = "四·1"
owner = { zh = "卫健", en = "health" }
period = "half_year"
kind = "share"
unit = "share"
better = "higher"
disclosure = "work"
subject = "place"
needs = ["activity"]
partner = ["R9"]
author = "守护 Shouhu"
reviewed_on = 2026-11-24
*/
WITH unit AS (
  SELECT p.period, p.starts_on, p.snapshot_on, q.village_code AS code, MIN(q.record) AS record
  FROM period AS p
  JOIN population AS q ON q.on_day = p.snapshot_on
  WHERE p.kind = 'half_year' AND q.eligibility = 'yes' AND q.listed AND q.village_code IS NOT NULL
  GROUP BY p.period, p.starts_on, p.snapshot_on, q.village_code
  UNION ALL
  SELECT p.period, p.starts_on, p.snapshot_on, q.org_code AS code, MIN(q.record) AS record
  FROM period AS p
  JOIN pupil AS q ON q.on_day = p.snapshot_on
  WHERE p.kind = 'half_year' AND q.org_code IS NOT NULL
  GROUP BY p.period, p.starts_on, p.snapshot_on, q.org_code
),
held AS (
  SELECT u.period, u.code, MIN(a.record) AS record, MAX(CASE WHEN a.kind IS NULL THEN 1 ELSE 2 END) AS certainty
  FROM unit AS u
  JOIN activity AS a ON a.org_code = u.code AND a.held_on BETWEEN u.starts_on AND u.snapshot_on
  WHERE a.kind IS NULL OR a.kind IN ('free_clinic', 'health_talk')
  GROUP BY u.period, u.code
)
SELECT u.period, u.code AS area, u.code AS subject,
  CASE WHEN h.certainty = 2 THEN 'yes' WHEN h.certainty = 1 THEN 'unknown' ELSE 'no' END AS outcome,
  COALESCE(h.record, u.record) AS record
FROM unit AS u
LEFT JOIN held AS h ON h.period = u.period AND h.code = u.code
