/*
code = "S1"
title = { zh = "四类安全教育全覆盖率", en = "Children who had all four safety lessons" }
question = { zh = "交通、消防、防溺水、防拐骗，孩子都学过了吗？", en = "Did each child have the lessons on traffic, fire, drowning and abduction?" }
counted = { zh = "四类都参加的", en = "who attended all four" }
out_of = { zh = "期末在册的留守儿童", en = "left-behind children at the end of the period" }
excluded = { zh = "资格不成立或待核实的儿童；不在任何名单上的儿童", en = "children not, or not yet, established as left-behind; children on no list" }
unknown = { zh = "有一类未填或无法辨认，其余没有否", en = "one lesson not recorded or unreadable, none a no" }
clause = "五·5"
owner = { zh = "学校·村", en = "schools and villages" }
period = "term"
kind = "share"
unit = "share"
better = "higher"
disclosure = "work"
subject = "child"
needs = ["safety_education"]
author = "守护 Shouhu"
reviewed_on = 2026-11-24
*/
WITH taught AS (
  -- School and village both teach: one attendance is enough.
  SELECT child_id, term, MIN(record) AS record,
    MAX(CASE WHEN traffic THEN 2 WHEN NOT traffic THEN 1 ELSE 0 END) AS traffic, MAX(CASE WHEN fire THEN 2 WHEN NOT fire THEN 1 ELSE 0 END) AS fire, MAX(CASE WHEN drowning THEN 2 WHEN NOT drowning THEN 1 ELSE 0 END) AS drowning, MAX(CASE WHEN abduction THEN 2 WHEN NOT abduction THEN 1 ELSE 0 END) AS abduction
  FROM safety_education
  GROUP BY child_id, term
)
SELECT p.period, q.village_code AS area, q.child_id AS subject,
  CASE WHEN LEAST(t.traffic, t.fire, t.drowning, t.abduction) = 2 THEN 'yes'
       WHEN t.traffic = 1 OR t.fire = 1 OR t.drowning = 1 OR t.abduction = 1 THEN 'no'
       ELSE 'unknown' END AS outcome, COALESCE(t.record, q.record) AS record
FROM period AS p
JOIN population AS q ON q.on_day = p.snapshot_on
LEFT JOIN taught AS t ON t.child_id = q.child_id AND t.term = p.period
WHERE p.kind = 'term' AND q.eligibility = 'yes' AND q.listed
