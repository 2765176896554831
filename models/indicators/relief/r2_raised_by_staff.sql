/*
code = "R2"
title = { zh = "主动发现率", en = "Relief cases raised by staff" }
question = { zh = "困难家庭是工作人员主动发现的，还是自己来申请的？", en = "Were families in need found by staff, or did they have to apply?" }
counted = { zh = "工作人员主动发现的", en = "raised by staff" }
out_of = { zh = "期内新申请的救助", en = "relief cases applied for in the period" }
excluded = { zh = "期外申请的；申请日期无法辨认的", en = "cases applied for in other periods, or on a day that cannot be read" }
unknown = { zh = "发现方式未填或无法辨认", en = "how the case was found not recorded, or unreadable" }
clause = "四·1"
owner = { zh = "民政", en = "civil affairs" }
period = "quarter"
kind = "share"
unit = "share"
better = "higher"
disclosure = "work"
subject = "application"
needs = ["relief_application"]
partner = ["R1"]
author = "守护 Shouhu"
reviewed_on = 2026-11-24
*/
SELECT p.period, k.village_code AS area, r.child_id || '@' || r.scheme || '@' || CAST(r.applied_on AS VARCHAR) AS subject,
  CASE WHEN r.found_by = 'staff' THEN 'yes' WHEN r.found_by IS NULL THEN 'unknown' ELSE 'no' END AS outcome, r.record
FROM period AS p
JOIN relief_application AS r ON r.applied_on BETWEEN p.starts_on AND p.snapshot_on
JOIN known_child AS k ON k.child_id = r.child_id
WHERE p.kind = 'quarter'
