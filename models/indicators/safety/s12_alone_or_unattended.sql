/*
code = "S12"
title = { zh = "脱离监护、无人看护人数", en = "Children alone or unattended" }
question = { zh = "有没有孩子独自居住，或年幼无人看护？", en = "Does any child live alone, or any small child go unattended?" }
counted = { zh = "独自居住的；不满8周岁无人看护的", en = "living alone; under eight and unattended" }
out_of = { zh = "名单上、不满16周岁、住在本区的儿童", en = "children on a list, under sixteen, living in the district" }
excluded = { zh = "已满16周岁、尚未出生或住在区外的儿童；不在任何名单上的；无人看护一项中已到规定年龄的", en = "children of sixteen or over, not yet born or living outside the district; children on no list; for those unattended, children who have reached the age set" }
unknown = { zh = "居住或看护情况未填或无法辨认", en = "not recorded or unreadable" }
clause = "未保法21"
owner = { zh = "村", en = "village" }
period = "snapshot"
kind = "count"
unit = "count"
better = "lower"
disclosure = "status"
subject = "child"
needs = ["living_arrangement"]
parameters = ["unattended_age_years"]
author = "守护 Shouhu"
reviewed_on = 2026-11-24

[series]
"alone" = { zh = "独自居住", en = "living alone" }
"unattended" = { zh = "不满8周岁无人看护", en = "under eight and unattended" }
*/
WITH child_now AS (
  SELECT p.period, p.unattended_age_years, q.child_id, q.village_code, q.age_years,
    l.living, l.supervision, COALESCE(l.record, q.record) AS record
  FROM period AS p
  JOIN population AS q ON q.on_day = p.snapshot_on
  LEFT JOIN living_arrangement AS l ON l.child_id = q.child_id
  WHERE p.kind = 'snapshot' AND q.listed AND q.why NOT IN ('sixteen_or_over', 'lives_outside', 'not_born')
)
SELECT 'alone' AS series, period, village_code AS area, child_id AS subject,
  CASE WHEN living = 'alone' THEN 'yes' WHEN living IS NULL THEN 'unknown' ELSE 'no' END AS outcome, record
FROM child_now
UNION ALL
SELECT 'unattended' AS series, period, village_code AS area, child_id AS subject,
  CASE WHEN supervision = 'attended' THEN 'no'
       WHEN supervision IS NULL OR age_years IS NULL THEN 'unknown'
       ELSE 'yes' END AS outcome, record
FROM child_now
WHERE age_years IS NULL OR age_years < unattended_age_years
