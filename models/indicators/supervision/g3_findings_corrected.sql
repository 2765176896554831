/*
code = "G3"
title = { zh = "问题按期整改率", en = "Findings put right in time" }
question = { zh = "检查发现的问题按期整改了吗？", en = "Were the findings put right in time?" }
counted = { zh = "期限内整改并复核的", en = "corrected and verified by the due date" }
out_of = { zh = "期内到期的问题", en = "findings that fell due in the period" }
excluded = { zh = "整改期限尚未到期的问题；期限无法辨认的", en = "findings not yet due; those whose due day cannot be read" }
unknown = { zh = "日期无法辨认", en = "a day that cannot be read" }
clause = "七·1"
owner = { zh = "被检单位", en = "inspected unit" }
period = "quarter"
kind = "share"
unit = "share"
better = "higher"
disclosure = "work"
subject = "finding"
needs = ["rectification"]
partner = ["G1"]
author = "守护 Shouhu"
reviewed_on = 2026-11-24
*/
SELECT p.period, i.org_code AS area, r.inspection_no || '@' || CAST(r.finding_no AS VARCHAR) AS subject,
  CASE WHEN r.corrected_on > r.due_on OR r.verified_on > r.due_on THEN 'no'
       WHEN r.corrected_on IS NULL AND NOT unusable(r.invalid, 'corrected_on') THEN 'no'
       WHEN r.verified_on IS NULL AND NOT unusable(r.invalid, 'verified_on') THEN 'no'
       WHEN r.corrected_on IS NULL OR r.verified_on IS NULL THEN 'unknown'
       ELSE 'yes' END AS outcome,
  days_between(r.due_on, r.corrected_on) AS days, r.record
FROM period AS p
JOIN rectification AS r ON r.due_on BETWEEN p.starts_on AND p.snapshot_on
LEFT JOIN inspection AS i ON i.inspection_no = r.inspection_no
WHERE p.kind = 'quarter'
