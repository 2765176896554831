/*
code = "E3"
title = { zh = "随迁转学办理天数", en = "Days until a transfer pupil is placed" }
question = { zh = "随父母转学的孩子，多少天能入学？", en = "How long does a pupil who moves with the parents wait for a place?" }
counted = { zh = "从申请到安置的天数（中位，未安置的计为删失）", en = "days from application to place (median; not placed counts as still waiting)" }
out_of = { zh = "学期内在办的转学申请", en = "applications that were open in the term" }
excluded = { zh = "学期开始前已安置的；学期结束后才申请的", en = "pupils placed before the term began; applications made after its end" }
unknown = { zh = "安置日期无法辨认", en = "a day of placing that cannot be read" }
clause = "五·3"
owner = { zh = "教育", en = "education" }
period = "term"
kind = "duration"
unit = "days"
better = "lower"
disclosure = "work"
subject = "transfer"
needs = ["school_transfer"]
partner = ["E1"]
author = "守护 Shouhu"
reviewed_on = 2026-11-24
*/
SELECT p.period, k.village_code AS area, t.child_id || '@' || CAST(t.applied_on AS VARCHAR) AS subject,
  CASE WHEN unusable(t.invalid, 'placed_on') THEN 'unknown'
       WHEN t.placed_on <= p.snapshot_on THEN 'yes' ELSE 'no' END AS outcome,
  CASE WHEN NOT unusable(t.invalid, 'placed_on')
         THEN days_between(t.applied_on, LEAST(COALESCE(t.placed_on, p.snapshot_on), p.snapshot_on)) END AS days, t.record
FROM period AS p
JOIN school_transfer AS t ON t.applied_on <= p.snapshot_on AND (t.placed_on IS NULL OR t.placed_on >= p.starts_on)
JOIN known_child AS k ON k.child_id = t.child_id
WHERE p.kind = 'term'
