/*
code = "R6"
title = { zh = "复核不符率", en = "Rechecked cases found ineligible" }
question = { zh = "复核时，有多少在保家庭已不符合条件？", en = "How many families on relief no longer meet the criteria when rechecked?" }
counted = { zh = "复核发现不符合条件的", en = "found ineligible" }
out_of = { zh = "年内复核的救助", en = "relief cases rechecked in the year" }
excluded = { zh = "当年没有复核的；复核日期无法辨认的", en = "cases not rechecked in the year, or on a day that cannot be read" }
unknown = { zh = "复核结果未填或无法辨认", en = "result not recorded, or unreadable" }
clause = "五·2"
owner = { zh = "民政", en = "civil affairs" }
period = "year"
kind = "share"
unit = "share"
better = "lower"
disclosure = "status"
subject = "recheck"
needs = ["relief_recheck"]
partner = ["R1"]
author = "守护 Shouhu"
reviewed_on = 2026-11-24
*/
SELECT p.period, k.village_code AS area,
  c.child_id || '@' || c.scheme || '@' || CAST(c.rechecked_on AS VARCHAR) AS subject,
  CASE WHEN c.result = 'ineligible' THEN 'yes' WHEN c.result IS NULL THEN 'unknown' ELSE 'no' END AS outcome, c.record
FROM period AS p
JOIN relief_recheck AS c ON c.rechecked_on BETWEEN p.starts_on AND p.snapshot_on
JOIN known_child AS k ON k.child_id = c.child_id
WHERE p.kind = 'year'
