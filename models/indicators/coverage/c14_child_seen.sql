/*
code = "C14"
title = { zh = "见到本人率", en = "Visits at which the child was seen" }
question = { zh = "上门时，见到孩子本人了吗？", en = "When somebody came to the house, was the child seen?" }
counted = { zh = "其中见到儿童本人的", en = "those at which the child was seen" }
out_of = { zh = "期内完成的入户走访", en = "home visits made in the period" }
unknown = { zh = "是否见到本人未填或无法辨认", en = "not recorded whether the child was seen, or unreadable" }
clause = "四·2"
owner = { zh = "村", en = "village" }
period = "quarter"
kind = "share"
unit = "share"
better = "higher"
disclosure = "work"
subject = "visit"
needs = ["visit"]
partner = ["C12"]
author = "守护 Shouhu"
reviewed_on = 2026-11-24
*/
SELECT p.period, k.village_code AS area, v.child_id || '@' || CAST(v.due_on AS VARCHAR) AS subject,
  CASE WHEN v.child_seen IS NULL THEN 'unknown' WHEN v.child_seen THEN 'yes' ELSE 'no' END AS outcome, v.record
FROM period AS p
JOIN visit AS v ON v.visited_on BETWEEN p.starts_on AND p.snapshot_on
JOIN known_child AS k ON k.child_id = v.child_id
WHERE p.kind = 'quarter' AND v.mode = 'home'
