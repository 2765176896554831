/*
code = "S3"
title = { zh = "隐患按期整改率", en = "Hazards fixed in time" }
question = { zh = "查出的隐患按期整改、复核了吗？", en = "Were the hazards fixed, and the repair verified, by the due date?" }
counted = { zh = "期限内整改并复核销号的", en = "fixed and verified by the due date" }
out_of = { zh = "期内到期的隐患", en = "hazards that fell due in the period" }
excluded = { zh = "整改期限尚未到期的隐患；期限无法辨认的", en = "hazards not yet due; those whose due day cannot be read" }
unknown = { zh = "整改或复核日期无法辨认", en = "a day that cannot be read" }
clause = "五·5"
owner = { zh = "村", en = "village" }
period = "quarter"
kind = "share"
unit = "share"
better = "higher"
disclosure = "work"
subject = "hazard"
needs = ["hazard"]
partner = ["S4"]
author = "守护 Shouhu"
reviewed_on = 2026-11-24
*/
SELECT p.period, h.village_code AS area, h.village_code || '@' || h.place || '@' || CAST(h.found_on AS VARCHAR) AS subject,
  CASE WHEN h.fixed_on > h.due_on OR h.verified_on > h.due_on THEN 'no'
       WHEN h.fixed_on IS NULL AND NOT unusable(h.invalid, 'fixed_on') THEN 'no'
       WHEN h.verified_on IS NULL AND NOT unusable(h.invalid, 'verified_on') THEN 'no'
       WHEN h.fixed_on IS NULL OR h.verified_on IS NULL THEN 'unknown'
       ELSE 'yes' END AS outcome,
  days_between(h.found_on, h.fixed_on) AS days, h.record
FROM period AS p
JOIN hazard AS h ON h.due_on BETWEEN p.starts_on AND p.snapshot_on
WHERE p.kind = 'quarter'
