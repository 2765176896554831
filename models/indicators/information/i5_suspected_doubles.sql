/*
code = "I5"
title = { zh = "疑似重复率", en = "Suspected doubles" }
question = { zh = "有多少孩子可能被登记了两次？", en = "How many children may have been registered twice?" }
counted = { zh = "期末尚未了结的疑似重复对；已了结的疑似重复对", en = "suspected pairs not settled by the period's end; pairs settled" }
out_of = { zh = "至期末登记过的儿童（每千名）；至期末发现的疑似重复对", en = "children registered by the period's end (per thousand); pairs found by then" }
excluded = { zh = "期末以后发现的疑似重复对；期末以后才登记的儿童", en = "pairs found, and children registered, after the period's end" }
unknown = { zh = "无", en = "none" }
clause = "五·1"
owner = { zh = "民政", en = "civil affairs" }
period = "month"
kind = "per_thousand"
unit = "rate"
better = "lower"
disclosure = "work"
subject = "pair"
needs = ["enrolment_episode"]
partner = ["I7"]
author = "守护 Shouhu"
reviewed_on = 2026-11-24

[series]
"" = { zh = "每千名未了结的疑似重复对", en = "open pairs per thousand children" }
"resolved" = { zh = "了结率", en = "pairs settled", kind = "share" }
*/
WITH pair AS (
  SELECT p.period, i.village_code, i.child_id || '@' || i.other_id AS subject,
    MAX(CASE WHEN i.state <> 'open' AND i.resolved_on <= p.snapshot_on THEN 1 ELSE 0 END) AS settled
  FROM period AS p
  JOIN identity_pair AS i ON i.found_on <= p.snapshot_on
  WHERE p.kind = 'month'
  GROUP BY p.period, i.village_code, i.child_id, i.other_id
),
registered AS (
  SELECT p.period, e.child_id, k.village_code, MIN(e.record) AS record
  FROM period AS p
  JOIN episode AS e ON e.opened_on <= p.snapshot_on
  JOIN known_child AS k ON k.child_id = e.child_id
  WHERE p.kind = 'month'
  GROUP BY p.period, e.child_id, k.village_code
)
SELECT '' AS series, period, village_code AS area, subject, 'yes' AS outcome, CAST(NULL AS VARCHAR) AS record FROM pair WHERE settled = 0
UNION ALL
SELECT '' AS series, period, village_code AS area, child_id AS subject, 'no' AS outcome, record FROM registered
UNION ALL
SELECT 'resolved' AS series, period, village_code AS area, subject, CASE WHEN settled = 1 THEN 'yes' ELSE 'no' END AS outcome,
  CAST(NULL AS VARCHAR) AS record
FROM pair
