/*
code = "S10"
title = { zh = "强制报告及时率", en = "Mandatory reports made the same day" }
question = { zh = "九类情形当天报公安了吗？", en = "Were the nine mandatory situations reported to the police the same day?" }
counted = { zh = "知悉当日报公安的", en = "reported to the police on the day they became known" }
out_of = { zh = "期内知悉的九类强制报告情形（不论是否勾选）", en = "the nine mandatory situations that became known in the period, whatever box was ticked" }
excluded = { zh = "九类以外的情形；知悉日期无法辨认的", en = "other situations than the nine; those that became known on a day that cannot be read" }
unknown = { zh = "报公安日期无法辨认", en = "a day that cannot be read" }
clause = "未保法11"
owner = { zh = "各部门", en = "all departments" }
period = "quarter"
kind = "share"
unit = "share"
better = "higher"
disclosure = "status"
subject = "concern"
needs = ["concern"]
partner = ["G5"]
author = "守护 Shouhu"
reviewed_on = 2026-11-24
*/
SELECT p.period, k.village_code AS area,
  c.child_id || '@' || c.situation || '@' || CAST(c.aware_on AS VARCHAR) AS subject,
  CASE WHEN unusable(c.invalid, 'police_on') THEN 'unknown'
       WHEN c.police_on <= c.aware_on THEN 'yes'
       ELSE 'no' END AS outcome,
  days_between(c.aware_on, c.police_on) AS days, c.record
FROM period AS p
JOIN concern AS c ON c.aware_on BETWEEN p.starts_on AND p.snapshot_on
JOIN code_list AS l ON l.vocabulary = 'situation' AND l.code = c.situation AND l.mandatory
JOIN known_child AS k ON k.child_id = c.child_id
WHERE p.kind = 'quarter'
