/*
code = "C12"
title = { zh = "应访尽访率", en = "Visits made on time" }
question = { zh = "该走访的，都在期限内上门了吗？", en = "Was every visit that fell due made at home, in time?" }
counted = { zh = "在应访截止日期（加宽限期）前入户的", en = "home visits made by the due date (and its grace)" }
out_of = { zh = "期内到期的应访", en = "visits that fell due in the period" }
excluded = { zh = "尚未到期（含宽限期）的应访", en = "visits not yet due, the days of grace included" }
unknown = { zh = "走访日期或方式无法辨认、走访方式未填", en = "a day or mode that cannot be read, or no mode recorded" }
clause = "四·2"
owner = { zh = "村", en = "village" }
period = "quarter"
kind = "share"
unit = "share"
better = "higher"
disclosure = "work"
subject = "visit"
needs = ["visit"]
parameters = ["visit_grace_days"]
partner = ["C14", "I9", "I10", "G7"]
author = "守护 Shouhu"
reviewed_on = 2026-11-24
*/
WITH due AS (
  SELECT p.period, v.child_id, v.due_on, v.visited_on, v.mode, v.invalid, v.record,
    add_days(v.due_on, p.visit_grace_days) AS last_day
  FROM period AS p
  JOIN period AS today ON today.kind = 'snapshot'
  JOIN visit AS v ON v.due_on BETWEEN p.starts_on AND p.ends_on
    -- Not yet due stays out.
    AND add_days(v.due_on, p.visit_grace_days) <= today.snapshot_on
  WHERE p.kind = 'quarter'
)
SELECT d.period, k.village_code AS area, d.child_id || '@' || CAST(d.due_on AS VARCHAR) AS subject,
  CASE WHEN d.mode IN ('phone', 'video') THEN 'no'
       WHEN unusable(d.invalid, 'visited_on') THEN 'unknown'
       WHEN d.visited_on IS NULL THEN 'no'
       WHEN d.visited_on > d.last_day THEN 'no'
       WHEN d.mode IS NULL THEN 'unknown'
       ELSE 'yes' END AS outcome,
  days_between(d.due_on, d.visited_on) AS days, d.record
FROM due AS d
JOIN known_child AS k ON k.child_id = d.child_id
