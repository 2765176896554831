/*
code = "C11"
title = { zh = "父母每周联系率", en = "Weekly contact with a parent" }
question = { zh = "父母每周至少联系孩子一次吗？", en = "Is each child in touch with a parent at least weekly?" }
counted = { zh = "最近四周每周都有联系的", en = "with a contact in each of the last four weeks" }
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
WITH week AS (
  SELECT r.n FROM (VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9), (10), (11), (12)) AS r(n)
),
contact AS (
  SELECT child_id, contacted_on, record FROM contact_log
  UNION ALL
  SELECT child_id, last_contact_on AS contacted_on, record FROM parent_contact
),
child_week AS (
  SELECT p.period, p.snapshot_on, p.contact_breach_days, q.child_id, q.village_code, q.record, w.n,
    add_days(p.snapshot_on, 0 - (w.n + 1) * p.contact_breach_days) AS after_day,
    add_days(p.snapshot_on, 0 - w.n * p.contact_breach_days) AS last_day
  FROM period AS p
  JOIN week AS w ON w.n < p.contact_weeks
  JOIN population AS q ON q.on_day = p.snapshot_on
  WHERE p.kind = 'month' AND q.eligibility = 'yes' AND q.listed
),
met AS (
  SELECT c.period, c.child_id, c.n, MAX(t.record) AS record
  FROM child_week AS c
  JOIN contact AS t ON t.child_id = c.child_id AND t.contacted_on > c.after_day AND t.contacted_on <= c.last_day
  GROUP BY c.period, c.child_id, c.n
),
kept AS (
  -- Whose contacts are registered: a week without an entry is a week without contact from the first entry on.
  SELECT child_id, MIN(contacted_on) AS since FROM contact_log GROUP BY child_id
),
judged AS (
  SELECT c.period, c.child_id, c.village_code, MIN(c.record) AS child_record, MAX(m.record) AS record,
    SUM(CASE WHEN m.n IS NULL THEN 1 ELSE 0 END) AS n_without,
    -- The last contact lies before the latest week, or the register has run since before a week without any.
    MAX(CASE WHEN m.n IS NULL AND k.since <= c.after_day THEN 1
             WHEN m.n IS NULL AND c.n = 0 AND l.last_contact_on <= c.after_day THEN 1 ELSE 0 END) AS surely_without
  FROM child_week AS c
  LEFT JOIN met AS m ON m.period = c.period AND m.child_id = c.child_id AND m.n = c.n
  LEFT JOIN kept AS k ON k.child_id = c.child_id
  LEFT JOIN parent_contact AS l ON l.child_id = c.child_id
  GROUP BY c.period, c.child_id, c.village_code
)
SELECT period, village_code AS area, child_id AS subject,
  CASE WHEN n_without = 0 THEN 'yes' WHEN surely_without = 1 THEN 'no' ELSE 'unknown' END AS outcome,
  COALESCE(record, child_record) AS record
FROM judged
