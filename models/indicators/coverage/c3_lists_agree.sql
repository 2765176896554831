/*
code = "C3"
title = { zh = "村校名册一致率", en = "Village and school lists agree" }
question = { zh = "村里和学校的名单对得上吗？", en = "Do the village's and the school's lists agree?" }
counted = { zh = "两份名单上都有的", en = "on both lists" }
out_of = { zh = "学龄、在村或学校名单上的儿童", en = "school-age children on the village's or the school's list" }
excluded = { zh = "不在义务教育年龄或年龄不明的儿童；只在公安名单上的；首份花名册报来之前的学期", en = "children outside compulsory-school age or of unknown age; those on the police list alone; terms before the first roster was known" }
unknown = { zh = "无", en = "none" }
clause = "五·1"
owner = { zh = "民政+教育", en = "civil affairs and education" }
period = "term"
kind = "share"
unit = "share"
better = "higher"
disclosure = "work"
subject = "child"
needs = ["enrolment_episode"]
parameters = ["compulsory_age_from_years", "compulsory_age_to_years"]
partner = ["C2"]
author = "守护 Shouhu"
reviewed_on = 2026-11-24
*/
WITH roster AS (
  -- Rosters give no day for most pupils: before the first of them was known there was nothing to agree with.
  SELECT MIN(known_on) AS first_on FROM episode WHERE source = 'school' AND NOT opened_on_known
),
on_list AS (
  SELECT p.period, p.snapshot_on, p.compulsory_age_from_years, p.compulsory_age_to_years, e.child_id,
    MAX(CASE WHEN e.source = 'village' THEN 1 ELSE 0 END) AS village,
    MAX(CASE WHEN e.source = 'school' THEN 1 ELSE 0 END) AS school
  FROM period AS p
  CROSS JOIN roster AS r
  JOIN episode AS e ON e.opened_on <= p.snapshot_on AND (e.closed_on IS NULL OR p.snapshot_on < e.closed_on)
  WHERE p.kind = 'term' AND e.source IN ('village', 'school') AND (r.first_on IS NULL OR r.first_on <= p.snapshot_on)
  GROUP BY p.period, p.snapshot_on, p.compulsory_age_from_years, p.compulsory_age_to_years, e.child_id
)
SELECT l.period, q.village_code AS area, q.child_id AS subject,
  CASE WHEN l.village = 1 AND l.school = 1 THEN 'yes' ELSE 'no' END AS outcome, q.record
FROM on_list AS l
JOIN population AS q ON q.on_day = l.snapshot_on AND q.child_id = l.child_id
WHERE q.age_years BETWEEN l.compulsory_age_from_years AND l.compulsory_age_to_years
