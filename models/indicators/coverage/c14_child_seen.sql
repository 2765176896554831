/*
code = "C14"
title = { zh = "见到本人率", en = "Visits at which the child was seen" }
question = { zh = "走访时，当面见到孩子本人了吗？", en = "When a visit was made, was the child seen in person?" }
counted = { zh = "其中入户并见到儿童本人的（电话、视频不算见到）", en = "home visits at which the child was seen (a call or video does not count as seeing the child)" }
out_of = { zh = "期内完成的走访，不论方式", en = "visits made in the period, in whatever way" }
excluded = { zh = "没有完成的应访；走访日期无法辨认的", en = "visits due but not made; visits on a day that cannot be read" }
unknown = { zh = "是否见到本人、走访方式未填或无法辨认", en = "not recorded whether the child was seen or how the visit was made, or unreadable" }
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
  CASE WHEN v.mode IN ('phone', 'video') OR NOT v.child_seen THEN 'no'
       WHEN v.mode IS NULL OR v.child_seen IS NULL THEN 'unknown'
       ELSE 'yes' END AS outcome, v.record
FROM period AS p
JOIN visit AS v ON v.visited_on BETWEEN p.starts_on AND p.snapshot_on
JOIN known_child AS k ON k.child_id = v.child_id
WHERE p.kind = 'quarter'
