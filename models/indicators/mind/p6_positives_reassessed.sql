/*
code = "P6"
title = { zh = "阳性复核率", en = "Positive screens assessed again" }
question = { zh = "筛查阳性的，及时复评了吗？", en = "Was each positive screen assessed again in time?" }
counted = { zh = "期限内复评的", en = "assessed again within the limit" }
out_of = { zh = "学期内筛查阳性、复评已到期的", en = "valid positive screens of the term whose second assessment has fallen due" }
excluded = { zh = "复评尚未到期的；无效、阴性和临界的答卷", en = "screens not yet due for a second assessment; papers that are void, negative or in the middle band" }
unknown = { zh = "日期无法辨认", en = "a day that cannot be read" }
clause = "五·4"
owner = { zh = "学校", en = "school" }
period = "term"
kind = "share"
unit = "share"
better = "higher"
disclosure = "status"
subject = "screen"
needs = ["psych_screen"]
parameters = ["second_assessment_days"]
partner = ["P4"]
author = "守护 Shouhu"
reviewed_on = 2026-11-24
*/
SELECT p.period, s.village_code AS area,
  s.child_id || '@' || s.scale || '@' || CAST(s.screened_on AS VARCHAR) || '@' || COALESCE(s.informant, '') AS subject,
  CASE WHEN days_between(s.screened_on, s.second_on) <= p.second_assessment_days THEN 'yes'
       WHEN unusable(s.invalid, 'second_on') THEN 'unknown'
       ELSE 'no' END AS outcome,
  days_between(s.screened_on, s.second_on) AS days, s.record
FROM period AS p
JOIN period AS today ON today.kind = 'snapshot'
JOIN screen_reading AS s ON s.screened_on BETWEEN p.starts_on AND p.ends_on
  AND add_days(s.screened_on, p.second_assessment_days) <= today.snapshot_on
WHERE p.kind = 'term' AND s.reading = 'positive'
