/*
code = "P3"
title = { zh = "心理咨询室设置率", en = "Schools with a counselling room in use" }
question = { zh = "每所学校都有在用的心理咨询室吗？", en = "Has every school a counselling room that is in use?" }
counted = { zh = "有心理咨询室并在使用的学校", en = "schools with a counselling room that is in use" }
out_of = { zh = "全部学校", en = "all schools" }
excluded = { zh = "不在学校名录上的单位；更早学期的上报被最近一次取代", en = "units that are not on the list of schools; reports of earlier terms, which the newest replaces" }
unknown = { zh = "有无、是否使用未填、无法辨认或未上报", en = "room or its use not recorded, unreadable or not reported" }
clause = "四·3"
owner = { zh = "教育", en = "education" }
period = "year"
kind = "share"
unit = "share"
better = "higher"
disclosure = "work"
subject = "school"
needs = ["org_provision", "school_mechanism", "org"]
partner = ["P2"]
author = "守护 Shouhu"
reviewed_on = 2026-11-24
*/
WITH reported AS (
  SELECT p.period, o.org_code, o.room, o.record,
    ROW_NUMBER() OVER (PARTITION BY p.period, o.org_code ORDER BY t.starts_on DESC) AS newest
  FROM period AS p
  JOIN period AS t ON year_of(t.starts_on) = year_of(p.starts_on)
  JOIN org_provision AS o ON o.term = t.period
  WHERE p.kind = 'year'
)
SELECT p.period, s.org_code AS area, s.org_code AS subject,
  CASE WHEN r.room = FALSE OR m.room_in_use = FALSE THEN 'no'
       WHEN r.room AND m.room_in_use THEN 'yes'
       ELSE 'unknown' END AS outcome, COALESCE(r.record, m.record, s.record) AS record
FROM period AS p
CROSS JOIN org AS s
LEFT JOIN reported AS r ON r.period = p.period AND r.org_code = s.org_code AND r.newest = 1
LEFT JOIN school_mechanism AS m ON m.org_code = s.org_code AND m.year = year_of(p.starts_on)
WHERE p.kind = 'year'
