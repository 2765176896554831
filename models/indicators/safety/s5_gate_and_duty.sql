/*
code = "S5"
title = { zh = "校园门卫值班达标率", en = "School gate and duty systems verified" }
question = { zh = "学校的门卫和值班制度有人核查、都落实了吗？", en = "Were the school gate and duty systems checked and found in force?" }
counted = { zh = "期限内最近一次核查两项都落实的学校", en = "schools whose latest check within the limit found both in force" }
out_of = { zh = "全部学校", en = "all schools" }
excluded = { zh = "不在学校名录上的单位；超过期限的核查不算", en = "units that are not on the list of schools; checks older than the limit do not count" }
unknown = { zh = "最近一次核查有一项未填或无法辨认，另一项没有否", en = "at the latest check one system not recorded or unreadable, the other not a no" }
clause = "五·5"
owner = { zh = "学校", en = "school" }
period = "term"
kind = "share"
unit = "share"
better = "higher"
disclosure = "work"
subject = "school"
needs = ["gate_check", "org"]
parameters = ["gate_verified_days"]
partner = ["S3"]
author = "守护 Shouhu"
reviewed_on = 2026-11-24
*/
WITH latest AS (
  SELECT p.period, g.org_code, g.gate_ok, g.duty_ok, g.record,
    ROW_NUMBER() OVER (PARTITION BY p.period, g.org_code ORDER BY g.checked_on DESC) AS newest
  FROM period AS p
  JOIN gate_check AS g ON g.checked_on BETWEEN add_days(p.snapshot_on, 0 - p.gate_verified_days) AND p.snapshot_on
  WHERE p.kind = 'term'
)
SELECT p.period, s.org_code AS area, s.org_code AS subject,
  CASE WHEN l.org_code IS NULL OR l.gate_ok = FALSE OR l.duty_ok = FALSE THEN 'no'
       WHEN l.gate_ok AND l.duty_ok THEN 'yes'
       ELSE 'unknown' END AS outcome, COALESCE(l.record, s.record) AS record
FROM period AS p
CROSS JOIN org AS s
LEFT JOIN latest AS l ON l.period = p.period AND l.org_code = s.org_code AND l.newest = 1
WHERE p.kind = 'term'
