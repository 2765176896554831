/*
code = "R11"
title = { zh = "临时监护人数与天数", en = "Children in temporary guardianship" }
question = { zh = "多少孩子由民政临时监护，一共多少天？", en = "How many children did civil affairs take into temporary guardianship, and for how many days?" }
counted = { zh = "期内在临时监护中的儿童及其天数", en = "children in temporary guardianship in the period, and their days in it" }
out_of = { zh = "期内在临时监护中的儿童", en = "children in temporary guardianship in the period" }
excluded = { zh = "期外的天数；离开当天；与前一次重叠的天数只计一次", en = "days outside the period; the day of leaving; days that two stays share count once" }
unknown = { zh = "结束日期无法辨认", en = "a day of end that cannot be read" }
clause = "未保法92"
owner = { zh = "民政", en = "civil affairs" }
period = "quarter"
kind = "total"
weight = "days"
unit = "count"
better = "none"
disclosure = "status"
subject = "child"
needs = ["temp_guardianship"]
author = "守护 Shouhu"
reviewed_on = 2026-11-24

[series]
"children" = { zh = "儿童人数", en = "children", kind = "count" }
"days" = { zh = "监护天数（人·天）", en = "child-days" }
*/
WITH stay AS (
  -- The day of leaving is no longer a day of guardianship.
  SELECT p.period, k.village_code AS area, g.child_id, g.started_on, g.record, unusable(g.invalid, 'ended_on') AS unread,
    GREATEST(g.started_on, p.starts_on) AS first_day,
    LEAST(COALESCE(add_days(g.ended_on, 0 - 1), p.snapshot_on), p.snapshot_on) AS last_day
  FROM period AS p
  JOIN temp_guardianship AS g ON g.started_on <= p.snapshot_on AND (g.ended_on IS NULL OR g.ended_on > p.starts_on)
  JOIN known_child AS k ON k.child_id = g.child_id
  WHERE p.kind = 'quarter' AND (g.ended_on IS NULL OR g.ended_on > g.started_on)
),
covered AS (
  -- Days that an earlier stay of the same child already covers count once.
  SELECT s.period, s.child_id, s.started_on, MAX(o.last_day) AS covered_to
  FROM stay AS s
  JOIN stay AS o ON o.period = s.period AND o.child_id = s.child_id AND o.started_on < s.started_on AND NOT o.unread
  GROUP BY s.period, s.child_id, s.started_on
),
later AS (
  SELECT s.period, s.area, s.child_id, s.record, s.unread, s.last_day,
    CASE WHEN c.covered_to >= s.first_day THEN add_days(c.covered_to, 1) ELSE s.first_day END AS first_day
  FROM stay AS s
  LEFT JOIN covered AS c ON c.period = s.period AND c.child_id = s.child_id AND c.started_on = s.started_on
),
child_stay AS (
  SELECT period, area, child_id, MIN(record) AS record,
    MIN(CASE WHEN unread THEN 0 ELSE 1 END) AS all_read, MAX(CASE WHEN unread THEN 0 ELSE 1 END) AS any_read,
    SUM(CASE WHEN unread OR last_day < first_day THEN 0 ELSE days_between(first_day, last_day) + 1 END) AS days
  FROM later
  GROUP BY period, area, child_id
)
SELECT 'children' AS series, period, area, child_id AS subject,
  CASE WHEN any_read = 1 THEN 'yes' ELSE 'unknown' END AS outcome, CAST(days AS BIGINT) AS days, record
FROM child_stay
UNION ALL
SELECT 'days' AS series, period, area, child_id AS subject,
  CASE WHEN all_read = 1 THEN 'yes' ELSE 'unknown' END AS outcome, CAST(days AS BIGINT) AS days, record
FROM child_stay
