/*
code = "E10"
title = { zh = "学校机制达标率", en = "Schools with the care mechanism in place" }
question = { zh = "学校有领导小组、有方案、纳入考核吗？", en = "Has each school a leading group, a plan and an item in its appraisal?" }
counted = { zh = "三项都有的学校", en = "schools with all three" }
out_of = { zh = "期末至少有一名在读留守儿童的学校", en = "schools with at least one left-behind pupil at the end of the period" }
excluded = { zh = "期末没有在读留守儿童的学校", en = "schools without a left-behind pupil at the end of the period" }
unknown = { zh = "有一项未填、无法辨认或未上报，其余没有否", en = "one item not recorded, unreadable or not reported, none a no" }
clause = "四·3"
owner = { zh = "教育", en = "education" }
period = "year"
kind = "share"
unit = "share"
better = "higher"
disclosure = "work"
subject = "school"
needs = ["school_mechanism", "schooling"]
partner = ["E11"]
author = "守护 Shouhu"
reviewed_on = 2026-11-24
*/
WITH with_pupils AS (
  SELECT p.period, year_of(p.starts_on) AS year, q.org_code, MIN(q.record) AS record
  FROM period AS p
  JOIN pupil AS q ON q.on_day = p.snapshot_on
  WHERE p.kind = 'year' AND q.org_code IS NOT NULL
  GROUP BY p.period, year_of(p.starts_on), q.org_code
)
SELECT s.period, s.org_code AS area, s.org_code AS subject,
  CASE WHEN m.leading_group AND m.care_plan AND m.in_appraisal THEN 'yes'
       WHEN m.leading_group = FALSE OR m.care_plan = FALSE OR m.in_appraisal = FALSE THEN 'no'
       ELSE 'unknown' END AS outcome, COALESCE(m.record, s.record) AS record
FROM with_pupils AS s
LEFT JOIN school_mechanism AS m ON m.org_code = s.org_code AND m.year = s.year
