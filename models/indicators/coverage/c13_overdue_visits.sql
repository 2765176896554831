/*
code = "C13"
title = { zh = "逾期未访人数", en = "Children whose visit is overdue" }
question = { zh = "现在有多少孩子该访未访，拖了多久？", en = "How many children are waiting for an overdue visit, and for how long?" }
counted = { zh = "有到期未访、此后也没有补访的儿童", en = "children with a due visit passed and not made good by a later home visit" }
out_of = { zh = "名单上、未确定不属于范围的儿童", en = "children on a list who are not established to be out of scope" }
excluded = { zh = "资格不成立的儿童；不在任何名单上的；到期后已入户补访的应访", en = "children established to be out of scope; children on no list; a due visit made good by a later home visit" }
unknown = { zh = "走访日期或方式无法辨认，不能确定是否已访", en = "a visit whose day or mode cannot be read" }
clause = "四·2"
owner = { zh = "村", en = "village" }
period = "snapshot"
kind = "count"
unit = "count"
better = "lower"
disclosure = "status"
subject = "child"
needs = ["visit"]
parameters = ["overdue_first_days", "overdue_second_days", "overdue_third_days"]
partner = ["C12", "I9"]
author = "守护 Shouhu"
reviewed_on = 2026-11-24

[series]
"plan>0d" = { zh = "超过应访期限", en = "past the planned day" }
"plan>30d" = { zh = "超过30天", en = "more than 30 days past" }
"plan>90d" = { zh = "超过90天", en = "more than 90 days past" }
"tier>0d" = { zh = "超过等级间隔", en = "past the tier's interval", optional = true }
"tier>30d" = { zh = "超过等级间隔30天", en = "more than 30 days past the tier's interval", optional = true }
"tier>90d" = { zh = "超过等级间隔90天", en = "more than 90 days past the tier's interval", optional = true }
*/
WITH child_now AS (
  SELECT p.period, p.snapshot_on, p.overdue_first_days, p.overdue_second_days, p.overdue_third_days,
    q.child_id, q.village_code, q.record
  FROM period AS p
  JOIN population AS q ON q.on_day = p.snapshot_on
  WHERE p.kind = 'snapshot' AND q.listed AND q.eligibility <> 'no'
),
home_visit AS (
  SELECT child_id, MAX(visited_on) AS last_on
  FROM visit
  WHERE mode = 'home'
  GROUP BY child_id
),
unclear_visit AS (
  -- A visit on an unreadable day or in an unrecorded way may have made the plan good, up to the day it was typed in.
  SELECT child_id, MAX(COALESCE(visited_on, recorded_on, CAST('9999-12-31' AS DATE))) AS latest_on
  FROM visit
  WHERE (unusable(invalid, 'visited_on') AND COALESCE(mode, 'home') = 'home') OR (visited_on IS NOT NULL AND mode IS NULL)
  GROUP BY child_id
),
missed AS (
  SELECT c.child_id, MIN(v.due_on) AS due_on, MIN(v.record) AS record,
    MIN(CASE WHEN u.latest_on IS NULL OR u.latest_on < v.due_on THEN v.due_on END) AS surely_due_on
  FROM child_now AS c
  JOIN visit AS v ON v.child_id = c.child_id AND v.due_on < c.snapshot_on
  LEFT JOIN home_visit AS h ON h.child_id = v.child_id
  LEFT JOIN unclear_visit AS u ON u.child_id = v.child_id
  WHERE NOT (COALESCE(v.mode, '') = 'home' AND v.visited_on IS NOT NULL)
    AND (h.last_on IS NULL OR h.last_on < v.due_on)
  GROUP BY c.child_id
),
plan AS (
  SELECT c.period, c.child_id, c.village_code, COALESCE(m.record, c.record) AS record,
    days_between(m.due_on, c.snapshot_on) AS days, days_between(m.surely_due_on, c.snapshot_on) AS sure_days,
    c.overdue_first_days, c.overdue_second_days, c.overdue_third_days
  FROM child_now AS c
  LEFT JOIN missed AS m ON m.child_id = c.child_id
),
tier AS (
  SELECT c.period, c.child_id, c.village_code, t.record, days_between(t.due_on, c.snapshot_on) AS days,
    c.overdue_first_days, c.overdue_second_days, c.overdue_third_days
  FROM child_now AS c
  JOIN tier_due AS t ON t.child_id = c.child_id
),
banded AS (
  SELECT 'plan' AS basis, overdue_first_days AS limit_days, period, child_id, village_code, record, days, sure_days FROM plan
  UNION ALL
  SELECT 'plan' AS basis, overdue_second_days AS limit_days, period, child_id, village_code, record, days, sure_days FROM plan
  UNION ALL
  SELECT 'plan' AS basis, overdue_third_days AS limit_days, period, child_id, village_code, record, days, sure_days FROM plan
  UNION ALL
  SELECT 'tier' AS basis, overdue_first_days AS limit_days, period, child_id, village_code, record, days, days AS sure_days FROM tier
  UNION ALL
  SELECT 'tier' AS basis, overdue_second_days AS limit_days, period, child_id, village_code, record, days, days AS sure_days FROM tier
  UNION ALL
  SELECT 'tier' AS basis, overdue_third_days AS limit_days, period, child_id, village_code, record, days, days AS sure_days FROM tier
)
SELECT basis || '>' || CAST(limit_days AS VARCHAR) || 'd' AS series, period, village_code AS area, child_id AS subject,
  CASE WHEN sure_days > limit_days THEN 'yes'
       WHEN days > limit_days THEN 'unknown'
       ELSE 'no' END AS outcome,
  CASE WHEN days > limit_days THEN days END AS days, record
FROM banded
