/*
code = "P2"
title = { zh = "心理教师配备率", en = "Schools with a psychology teacher" }
question = { zh = "每所学校都有心理教师吗？", en = "Has every school a psychology teacher?" }
counted = { zh = "有专职或兼职心理教师的学校", en = "schools with a full- or part-time psychology teacher" }
out_of = { zh = "全部学校", en = "all schools" }
excluded = { zh = "不在学校名录上的单位；更早学期的上报被最近一次取代", en = "units that are not on the list of schools; reports of earlier terms, which the newest replaces" }
unknown = { zh = "未填、无法辨认或未上报", en = "not recorded, unreadable or not reported" }
clause = "四·3"
owner = { zh = "教育", en = "education" }
period = "year"
kind = "share"
unit = "share"
better = "higher"
disclosure = "work"
subject = "school"
needs = ["org_provision", "org"]
partner = ["P1"]
author = "守护 Shouhu"
reviewed_on = 2026-11-24
*/
WITH reported AS (
  SELECT p.period, o.org_code, o.teacher, o.record,
    ROW_NUMBER() OVER (PARTITION BY p.period, o.org_code ORDER BY t.starts_on DESC) AS newest
  FROM period AS p
  JOIN period AS t ON year_of(t.starts_on) = year_of(p.starts_on)
  JOIN org_provision AS o ON o.term = t.period
  WHERE p.kind = 'year'
)
SELECT p.period, s.org_code AS area, s.org_code AS subject,
  CASE WHEN r.teacher IN ('full_time', 'part_time') THEN 'yes'
       WHEN r.teacher = 'none' THEN 'no'
       ELSE 'unknown' END AS outcome, COALESCE(r.record, s.record) AS record
FROM period AS p
CROSS JOIN org AS s
LEFT JOIN reported AS r ON r.period = p.period AND r.org_code = s.org_code AND r.newest = 1
WHERE p.kind = 'year'
