/*
code = "C8"
title = { zh = "委托照护书面告知率", en = "Entrusted care agreed and notified" }
question = { zh = "父母双方外出的，签了委托协议、书面告知学校和村里了吗？", en = "Where both parents are away: is there an agreement, and were school and village told in writing?" }
counted = { zh = "已签协议且已告知学校和村委会的", en = "with an agreement, and school and village both told" }
out_of = { zh = "父母双方外出的留守儿童", en = "left-behind children with both parents away" }
excluded = { zh = "只有一方外出的儿童；资格不成立或待核实的；不在任何名单上的", en = "children with one parent away; those not, or not yet, established as left-behind; those on no list" }
unknown = { zh = "有一项未填或无法辨认，其余没有否", en = "one of the three not recorded or unreadable, none a no" }
clause = "未保法23"
owner = { zh = "村·校", en = "villages and schools" }
period = "quarter"
kind = "share"
unit = "share"
better = "higher"
disclosure = "status"
subject = "child"
needs = ["entrustment"]
partner = ["C5"]
author = "守护 Shouhu"
reviewed_on = 2026-11-24
*/
SELECT p.period, q.village_code AS area, q.child_id AS subject,
  CASE WHEN e.notified_school = FALSE OR e.notified_village = FALSE THEN 'no'
       WHEN e.signed_on > p.snapshot_on THEN 'no'
       WHEN e.signed_on IS NULL OR e.notified_school IS NULL OR e.notified_village IS NULL THEN 'unknown'
       ELSE 'yes' END AS outcome,
  COALESCE(e.record, q.record) AS record
FROM period AS p
JOIN population AS q ON q.on_day = p.snapshot_on
LEFT JOIN entrustment AS e ON e.child_id = q.child_id
WHERE p.kind = 'quarter' AND q.listed AND q.left_type = 'both'
