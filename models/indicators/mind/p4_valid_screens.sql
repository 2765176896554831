/*
code = "P4"
title = { zh = "有效筛查覆盖率", en = "Children with a valid screen" }
question = { zh = "这一学年，孩子们做过有效的心理筛查吗？", en = "Has each child had a psychological screen this school year that can be read?" }
counted = { zh = "学年内至少一份有效筛查的", en = "at least one valid screen in the school year" }
out_of = { zh = "年龄在任一量表适用范围内的留守儿童", en = "left-behind children within some scale's age range" }
excluded = { zh = "年龄不在任一量表适用范围内或年龄不明的儿童；资格不成立或待核实的；不在任何名单上的", en = "children outside every scale's age range or of unknown age; those not, or not yet, established as left-behind; those on no list" }
unknown = { zh = "只有缺效度分的答卷", en = "only papers without a lie score" }
clause = "五·4"
owner = { zh = "学校", en = "school" }
period = "school_year"
kind = "share"
unit = "share"
better = "higher"
disclosure = "status"
subject = "child"
needs = ["psych_screen"]
parameters = ["sdq_age_from_years", "phq_age_from_years", "ces_dc_age_from_years", "sdq_age_to_years", "phq_age_to_years", "ces_dc_age_to_years"]
partner = ["P5", "P6"]
author = "守护 Shouhu"
reviewed_on = 2026-11-24
*/
WITH screened AS (
  SELECT p.period, s.child_id,
    MAX(CASE WHEN s.valid THEN 2 WHEN s.reading = 'validity_unknown' THEN 1 ELSE 0 END) AS best, MIN(s.record) AS record
  FROM period AS p
  JOIN screen_reading AS s ON s.screened_on BETWEEN p.starts_on AND p.snapshot_on
  WHERE p.kind = 'school_year'
  GROUP BY p.period, s.child_id
)
SELECT p.period, q.village_code AS area, q.child_id AS subject,
  CASE WHEN s.best = 2 THEN 'yes' WHEN s.best = 1 THEN 'unknown' ELSE 'no' END AS outcome,
  COALESCE(s.record, q.record) AS record
FROM period AS p
JOIN population AS q ON q.on_day = p.snapshot_on
LEFT JOIN screened AS s ON s.period = p.period AND s.child_id = q.child_id
WHERE p.kind = 'school_year' AND q.eligibility = 'yes' AND q.listed
  AND q.age_years BETWEEN LEAST(p.sdq_age_from_years, p.phq_age_from_years, p.ces_dc_age_from_years)
                      AND GREATEST(p.sdq_age_to_years, p.phq_age_to_years, p.ces_dc_age_to_years)
