/*
code = "E6"
title = { zh = "结对帮扶率", en = "Pupils with a peer pair" }
question = { zh = "孩子有结对的同学吗？", en = "Has each child a fellow pupil as a partner in learning?" }
counted = { zh = "有结对同学的（关爱登记，或学困帮扶方式为结对且在进行）", en = "with a peer pair, by the care register or by an active peer pair in learning support" }
out_of = { zh = "在读（花名册）的留守儿童", en = "left-behind children on a roster" }
excluded = { zh = "不在学校花名册上的儿童；资格不成立或待核实的儿童", en = "children on no school's roster; children not, or not yet, established as left-behind" }
unknown = { zh = "有无结对未填、无法辨认或未登记", en = "not recorded, unreadable or not on the register" }
clause = "五·3"
owner = { zh = "学校", en = "school" }
period = "term"
kind = "share"
unit = "share"
better = "higher"
disclosure = "work"
subject = "child"
needs = ["school_care"]
partner = ["E5"]
author = "守护 Shouhu"
reviewed_on = 2026-11-24
*/
WITH helped AS (
  SELECT child_id, term, MIN(record) AS record
  FROM learning_support
  WHERE mode = 'peer' AND active
  GROUP BY child_id, term
)
SELECT p.period, q.village_code AS area, q.child_id AS subject,
  CASE WHEN h.child_id IS NOT NULL THEN 'yes'
       WHEN c.has_peer = FALSE OR c.peer_since > p.snapshot_on THEN 'no'
       WHEN c.has_peer OR c.peer_since IS NOT NULL THEN 'yes'
       ELSE 'unknown' END AS outcome, COALESCE(c.record, h.record, q.record) AS record
FROM period AS p
JOIN pupil AS q ON q.on_day = p.snapshot_on
LEFT JOIN school_care AS c ON c.child_id = q.child_id AND c.term = p.period
LEFT JOIN helped AS h ON h.child_id = q.child_id AND h.term = p.period
WHERE p.kind = 'term'
