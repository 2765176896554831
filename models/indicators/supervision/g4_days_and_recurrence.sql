/*
code = "G4"
title = { zh = "整改天数与复发率", en = "Days until put right, and recurrence" }
question = { zh = "问题多久改好，改好后又犯吗？", en = "How long until findings are put right, and do they come back?" }
counted = { zh = "发现至整改并复核的天数（中位，未完成者计为删失）；整改后期限内同一单位又出现同一问题的", en = "days from finding to correction and verification (median, open ones censored); the same finding at the same unit within the limit" }
out_of = { zh = "期内尚存的问题；整改后观察期在期内届满的问题", en = "findings that stood in the period; findings whose time of observation after closing ended in the period" }
excluded = { zh = "期初以前已了结的；期末以后才发现的；复发一项中观察期尚未届满的", en = "findings closed before the period began; those found after it; for recurrence, those still under observation" }
unknown = { zh = "日期无法辨认", en = "a day that cannot be read" }
clause = "七·1"
owner = { zh = "监督小组", en = "supervisory group" }
period = "quarter"
kind = "duration"
unit = "days"
better = "lower"
disclosure = "work"
subject = "finding"
needs = ["rectification"]
parameters = ["recurrence_months"]
partner = ["G3"]
author = "守护 Shouhu"
reviewed_on = 2026-11-24

[series]
"days" = { zh = "整改天数（中位）", en = "days until put right (median)" }
"recurred" = { zh = "复发率", en = "came back", kind = "share" }
*/
WITH finding AS (
  SELECT r.inspection_no || '@' || CAST(r.finding_no AS VARCHAR) AS subject, COALESCE(i.org_code, r.unit_name) AS unit, i.org_code,
    r.finding, r.found_on, r.record,
    CASE WHEN r.corrected_on IS NOT NULL AND r.verified_on IS NOT NULL THEN GREATEST(r.corrected_on, r.verified_on) END AS closed_on,
    unusable(r.invalid, 'corrected_on') OR unusable(r.invalid, 'verified_on') AS unreadable
  FROM rectification AS r
  LEFT JOIN inspection AS i ON i.inspection_no = r.inspection_no
),
again AS (
  SELECT f.subject, MIN(s.found_on) AS again_on
  FROM finding AS f
  JOIN finding AS s ON s.unit = f.unit AND s.finding = f.finding AND s.found_on > f.closed_on
  GROUP BY f.subject
)
SELECT 'days' AS series, p.period, f.org_code AS area, f.subject,
  CASE WHEN f.closed_on <= p.snapshot_on THEN 'yes' WHEN f.unreadable THEN 'unknown' ELSE 'no' END AS outcome,
  CASE WHEN NOT f.unreadable
         THEN days_between(f.found_on, LEAST(COALESCE(f.closed_on, p.snapshot_on), p.snapshot_on)) END AS days, f.record
FROM period AS p
JOIN finding AS f ON f.found_on <= p.snapshot_on AND (f.closed_on IS NULL OR f.closed_on >= p.starts_on)
WHERE p.kind = 'quarter'
UNION ALL
SELECT 'recurred' AS series, p.period, f.org_code AS area, f.subject,
  CASE WHEN a.again_on <= add_months(f.closed_on, p.recurrence_months) THEN 'yes' ELSE 'no' END AS outcome,
  days_between(f.closed_on, a.again_on) AS days, f.record
FROM period AS p
JOIN finding AS f ON add_months(f.closed_on, p.recurrence_months) BETWEEN p.starts_on AND p.snapshot_on
LEFT JOIN again AS a ON a.subject = f.subject
WHERE p.kind = 'quarter'
