/*
code = "I2"
title = { zh = "规则通过率", en = "Data rules kept" }
question = { zh = "报来的数据守规则吗？", en = "Do the data that arrive keep the rules?" }
counted = { zh = "符合规则的“规则×记录”；整行被退回的不符（条）", en = "rule and row pairs that keep the rule; failures for which a whole row was refused" }
out_of = { zh = "至计算日已知的记录中，规则适用的“规则×记录”，含被退回的行", en = "pairs of a rule and a row that it applies to, among all rows known on the day, refused rows too" }
excluded = { zh = "规则不适用的记录；计算日以后才知道的记录", en = "rows to which a rule does not apply; rows that became known after the day" }
unknown = { zh = "无（规则不适用的空格不计入）", en = "none (a blank that a rule says nothing about is left out)" }
clause = "五·1"
owner = { zh = "民政", en = "civil affairs" }
period = "snapshot"
kind = "share"
weight = "cells"
unit = "share"
better = "higher"
disclosure = "work"
subject = "rule"
needs = ["rule_result"]
partner = ["I1"]
author = "守护 Shouhu"
reviewed_on = 2026-11-24

[series]
"" = { zh = "全部规则", en = "all rules" }
"critical" = { zh = "整行被退回的不符", en = "failures that refused a row", kind = "count" }
*/
-- A failure is a case of its own; what passed is counted by rule and area.  A refused row has no village: it counts in the district.
SELECT '' AS series, p.period, r.area, r.table_name || '.' || r.check_id || '@' || COALESCE(r.area, '') AS subject, 'yes' AS outcome,
  CAST(SUM(r.passed) AS DECIMAL(18, 2)) AS amount, CAST(NULL AS VARCHAR) AS record
FROM period AS p CROSS JOIN rule_result AS r
WHERE p.kind = 'snapshot' AND r.passed > 0
GROUP BY p.period, r.area, r.table_name, r.check_id
UNION ALL
SELECT '' AS series, p.period, r.area, r.table_name || '.' || r.check_id || '@' || r.record AS subject, 'no' AS outcome,
  CAST(SUM(r.failed) AS DECIMAL(18, 2)) AS amount, r.record
FROM period AS p CROSS JOIN rule_result AS r
WHERE p.kind = 'snapshot' AND r.failed > 0
GROUP BY p.period, r.area, r.table_name, r.check_id, r.record
UNION ALL
SELECT 'critical' AS series, p.period, r.area, r.table_name || '.' || r.check_id || '@' || r.record AS subject, 'yes' AS outcome,
  CAST(SUM(r.failed) AS DECIMAL(18, 2)) AS amount, r.record
FROM period AS p CROSS JOIN rule_result AS r
WHERE p.kind = 'snapshot' AND r.failed > 0 AND r.critical
GROUP BY p.period, r.area, r.table_name, r.check_id, r.record
