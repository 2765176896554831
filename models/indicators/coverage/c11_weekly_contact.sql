/*
code = "C11"
title = { zh = "父母每周联系率", en = "Weekly contact with a parent" }
question = { zh = "父母每周至少联系孩子一次吗？", en = "Is each child in touch with a parent at least weekly?" }
counted = { zh = "观察的各周（见参数，默认四周）每周都有联系的", en = "with a contact in each of the weeks looked at (a parameter, four by default)" }
out_of = { zh = "在册且资格成立的儿童", en = "left-behind children on a list" }
excluded = { zh = "资格不成立或待核实的儿童；不在任何名单上的儿童", en = "children not, or not yet, established as left-behind; children on no list" }
unknown = { zh = "没有联系登记，台账的最近联系日期又不足以断定", en = "no register of contacts, and the ledger's last contact does not decide" }
clause = "未保法23"
owner = { zh = "村", en = "village" }
period = "month"
kind = "share"
unit = "share"
better = "higher"
disclosure = "status"
subject = "child"
needs = ["parent_contact"]
parameters = ["contact_breach_days", "contact_weeks"]
partner = ["C5"]
author = "守护 Shouhu"
reviewed_on = 2026-11-24
*/
WITH bit AS (
  SELECT r.n FROM (VALUES (0), (1)) AS r(n)
),
quarter AS (
  SELECT a.n + 2 * b.n AS n FROM bit AS a CROSS JOIN bit AS b
),
week AS (
  SELECT a.n + 4 * b.n + 4 * 4 * c.n AS n FROM quarter AS a CROSS JOIN quarter AS b CROSS JOIN quarter AS c
),
contact AS (
  SELECT child_id, contacted_on, record FROM contact_log
  UNION ALL
  SELECT child_id, last_contact_on AS contacted_on, record FROM parent_contact WHERE last_contact_on IS NOT NULL
),
week_of_period AS (
  SELECT p.period, w.n,
    add_days(p.snapshot_on, 0 - (w.n + 1) * p.contact_breach_days) AS after_day,
    add_days(p.snapshot_on, 0 - w.n * p.contact_breach_days) AS last_day
  FROM period AS p
  JOIN week AS w ON w.n < p.contact_weeks
  WHERE p.kind = 'month'
),
met AS (
  SELECT w.period, t.child_id, w.n, MAX(t.record) AS record
  FROM contact AS t
  JOIN week_of_period AS w ON t.contacted_on > w.after_day AND t.contacted_on <= w.last_day
  GROUP BY w.period, t.child_id, w.n
),
placed AS (
  SELECT period, child_id, n, record, ROW_NUMBER() OVER (PARTITION BY period, child_id ORDER BY n) - 1 AS place FROM met
),
met_weeks AS (
  -- Weeks stand in their own place until the first one is missing: the latest week without a contact.
  SELECT period, child_id, COUNT(*) AS n_met, MAX(record) AS record,
    SUM(CASE WHEN n = place THEN 1 ELSE 0 END) AS latest_without
  FROM placed
  GROUP BY period, child_id
),
kept AS (
  -- Whose contacts are registered: a week without an entry is a week without contact from the first entry on.
  SELECT child_id, MIN(contacted_on) AS since FROM contact_log GROUP BY child_id
),
asked AS (
  SELECT period, COUNT(*) AS n_weeks FROM week_of_period GROUP BY period
)
SELECT p.period, q.village_code AS area, q.child_id AS subject,
  CASE WHEN m.n_met = a.n_weeks THEN 'yes'
       WHEN k.since <= w.after_day THEN 'no'
       -- The last contact lies before the latest week of all.
       WHEN w.n = 0 AND l.last_contact_on <= w.after_day THEN 'no'
       ELSE 'unknown' END AS outcome,
  COALESCE(m.record, q.record) AS record
FROM period AS p
JOIN asked AS a ON a.period = p.period
JOIN population AS q ON q.on_day = p.snapshot_on
LEFT JOIN met_weeks AS m ON m.period = p.period AND m.child_id = q.child_id
LEFT JOIN week_of_period AS w ON w.period = p.period AND w.n = COALESCE(m.latest_without, 0)
LEFT JOIN kept AS k ON k.child_id = q.child_id
LEFT JOIN parent_contact AS l ON l.child_id = q.child_id
WHERE p.kind = 'month' AND q.eligibility = 'yes' AND q.listed
