/*
code = "I4"
title = { zh = "信息鲜度", en = "Files not verified lately" }
question = { zh = "档案多久没核实了？", en = "How long ago were the files verified?" }
counted = { zh = "超过期限未核实、未更新的档案；距最近一次核实的天数（中位）", en = "files neither verified nor updated within the limit; days since the last verification (median)" }
out_of = { zh = "期末未关闭的村级档案", en = "village files open at the period's end" }
excluded = { zh = "已关闭的村级档案；只在学校或公安名单上的儿童", en = "closed village files; children on the school or police list alone" }
unknown = { zh = "核实日期无法辨认，或只知期末之后的核实", en = "a day that cannot be read, or only a verification after the period's end is known" }
clause = "五·1"
owner = { zh = "村", en = "village" }
period = "quarter"
kind = "share"
unit = "share"
better = "lower"
disclosure = "work"
subject = "child"
needs = ["enrolment_episode", "verification"]
parameters = ["file_stale_days"]
partner = ["I1"]
author = "守护 Shouhu"
reviewed_on = 2026-11-24

[series]
"" = { zh = "超期未核实", en = "past the limit" }
"age" = { zh = "距最近核实天数（中位）", en = "days since the last verification (median)", kind = "duration" }
*/
WITH file AS (
  SELECT p.period, p.snapshot_on, p.file_stale_days, q.child_id, q.village_code, MIN(q.record) AS record,
    MAX(e.opened_on) AS opened_on
  FROM period AS p
  JOIN population AS q ON q.on_day = p.snapshot_on AND q.file_open
  JOIN episode AS e ON e.child_id = q.child_id AND e.source = 'village' AND e.opened_on <= p.snapshot_on
  WHERE p.kind = 'quarter'
  GROUP BY p.period, p.snapshot_on, p.file_stale_days, q.child_id, q.village_code
),
looked_at AS (
  -- Opening a file is its first verification.
  SELECT f.period, f.snapshot_on, f.file_stale_days, f.child_id, f.village_code, COALESCE(v.record, f.record) AS record,
    GREATEST(f.opened_on,
      CASE WHEN v.away_verified_on <= f.snapshot_on THEN v.away_verified_on END,
      CASE WHEN v.residence_verified_on <= f.snapshot_on THEN v.residence_verified_on END,
      CASE WHEN v.capacity_assessed_on <= f.snapshot_on THEN v.capacity_assessed_on END,
      CASE WHEN v.updated_on <= f.snapshot_on THEN v.updated_on END) AS last_on,
    COALESCE(GREATEST(v.away_verified_on, v.residence_verified_on, v.capacity_assessed_on, v.updated_on) > f.snapshot_on, FALSE)
      OR unusable(v.invalid, 'away_verified_on') OR unusable(v.invalid, 'residence_verified_on')
      OR unusable(v.invalid, 'capacity_assessed_on') OR unusable(v.invalid, 'updated_on') AS maybe_later
  FROM file AS f
  LEFT JOIN verification AS v ON v.child_id = f.child_id
),
aged AS (
  SELECT period, village_code, child_id, record, file_stale_days, days_between(last_on, snapshot_on) AS age_days, maybe_later
  FROM looked_at
)
SELECT '' AS series, period, village_code AS area, child_id AS subject,
  CASE WHEN age_days <= file_stale_days THEN 'no' WHEN maybe_later THEN 'unknown' ELSE 'yes' END AS outcome,
  CASE WHEN NOT maybe_later THEN age_days END AS days, record
FROM aged
UNION ALL
SELECT 'age' AS series, period, village_code AS area, child_id AS subject,
  CASE WHEN maybe_later THEN 'unknown' ELSE 'yes' END AS outcome, CASE WHEN NOT maybe_later THEN age_days END AS days, record
FROM aged
