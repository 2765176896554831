/*
code = "C10"
title = { zh = "儿童主任负担", en = "Children per child director" }
question = { zh = "一名儿童主任要管多少孩子？", en = "How many children does one child director look after?" }
counted = { zh = "每名在岗儿童主任名下的在册儿童", en = "open files of each child director in post" }
out_of = { zh = "期末在岗的儿童主任", en = "child directors in post at the end" }
excluded = { zh = "期末前已离任或期末后才到任的儿童主任；已关闭的档案", en = "child directors who had left before, or began after, the end of the period; closed files" }
unknown = { zh = "离任日期无法辨认", en = "a day of leaving that cannot be read" }
clause = "未保法43"
owner = { zh = "民政", en = "civil affairs" }
period = "quarter"
kind = "median"
unit = "count"
better = "lower"
disclosure = "work"
subject = "child_director"
needs = ["worker", "enrolment_episode"]
partner = ["C9"]
author = "守护 Shouhu"
reviewed_on = 2026-11-24

[series]
"median" = { zh = "中位数", en = "median" }
"p90" = { zh = "第90百分位", en = "90th percentile", kind = "p90" }
"without" = { zh = "没有儿童主任的村里的儿童", en = "children of villages without a director", kind = "count" }
*/
WITH post AS (
  SELECT p.period, p.snapshot_on, w.worker_ref, w.org_code, MIN(w.record) AS record,
    MIN(CASE WHEN unusable(w.invalid, 'ended_on') THEN 1 ELSE 0 END) AS doubtful
  FROM period AS p
  JOIN worker AS w ON w.started_on <= p.snapshot_on AND (w.ended_on IS NULL OR p.snapshot_on < w.ended_on)
  WHERE p.kind = 'quarter' AND w.post = 'child_director'
  GROUP BY p.period, p.snapshot_on, w.worker_ref, w.org_code
),
staff AS (
  SELECT period, org_code, COUNT(*) AS n_directors FROM post GROUP BY period, org_code
),
file AS (
  SELECT p.period, q.child_id, q.village_code, q.record
  FROM period AS p
  JOIN population AS q ON q.on_day = p.snapshot_on
  WHERE p.kind = 'quarter' AND q.file_open
),
village AS (
  SELECT period, village_code, COUNT(*) AS n_children FROM file GROUP BY period, village_code
),
load AS (
  -- Two directors of one village share its children; one director of two villages has those of both.
  SELECT o.period, o.worker_ref, MIN(o.org_code) AS area, MAX(o.doubtful) AS doubtful, MIN(o.record) AS record,
    CAST(SUM(ratio(COALESCE(v.n_children, 0), s.n_directors)) AS DECIMAL(18, 2)) AS amount
  FROM post AS o
  JOIN staff AS s ON s.period = o.period AND s.org_code = o.org_code
  LEFT JOIN village AS v ON v.period = o.period AND v.village_code = o.org_code
  GROUP BY o.period, o.worker_ref
),
part AS (
  SELECT r.series FROM (VALUES ('median'), ('p90')) AS r(series)
)
SELECT part.series, l.period, l.area, l.worker_ref AS subject,
  CASE WHEN l.doubtful = 1 THEN 'unknown' ELSE 'yes' END AS outcome, l.amount, l.record
FROM load AS l
CROSS JOIN part
UNION ALL
SELECT 'without' AS series, f.period, f.village_code AS area, f.child_id AS subject,
  CASE WHEN s.org_code IS NULL THEN 'yes' ELSE 'no' END AS outcome, CAST(NULL AS DECIMAL(18, 2)) AS amount, f.record
FROM file AS f
LEFT JOIN staff AS s ON s.period = f.period AND s.org_code = f.village_code
