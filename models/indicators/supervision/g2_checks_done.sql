/*
code = "G2"
title = { zh = "检查完成率", en = "Checks carried out" }
question = { zh = "计划检查的单位都查了吗？", en = "Was every unit checked that was due?" }
counted = { zh = "已检查的单位", en = "units checked" }
out_of = { zh = "当季应检查的单位", en = "units due for a check in the quarter" }
excluded = { zh = "季度尚未结束时还没有进行的检查", en = "checks not yet held while the quarter still runs" }
unknown = { zh = "日期无法辨认", en = "a day that cannot be read" }
clause = "七·1"
owner = { zh = "监督小组", en = "supervisory group" }
period = "quarter"
kind = "share"
unit = "share"
better = "higher"
disclosure = "work"
subject = "inspection"
needs = ["inspection"]
partner = ["G1", "G3"]
author = "守护 Shouhu"
reviewed_on = 2026-11-24
*/
SELECT p.period, i.org_code AS area, i.inspection_no AS subject,
  CASE WHEN i.inspected_on <= p.snapshot_on THEN 'yes'
       WHEN unusable(i.invalid, 'inspected_on') THEN 'unknown'
       ELSE 'no' END AS outcome, i.record
FROM period AS p
JOIN inspection AS i ON i.quarter = p.period
-- In a quarter that still runs a check not yet made is not yet due.
WHERE p.snapshot_on = p.ends_on OR i.inspected_on <= p.snapshot_on
