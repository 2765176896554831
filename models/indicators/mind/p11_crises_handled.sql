/*
code = "P11"
title = { zh = "危机项当日处置率", en = "Crisis items acted on" }
question = { zh = "筛查发现危机，24小时内处置了吗？", en = "Was each crisis item acted on within a day?" }
counted = { zh = "期限内处置的", en = "acted on within the limit" }
out_of = { zh = "期内发现的危机项", en = "crisis items found in the period" }
excluded = { zh = "没有危机标记的答卷，或没有登记有无标记的", en = "papers without a crisis mark, or without a word on it" }
unknown = { zh = "发现或处置时间未填或无法辨认", en = "hour found not recorded, or an hour that cannot be read" }
clause = "五·4"
owner = { zh = "学校", en = "school" }
period = "quarter"
kind = "share"
unit = "share"
better = "higher"
disclosure = "status"
subject = "crisis"
needs = ["psych_screen"]
parameters = ["crisis_hours"]
author = "守护 Shouhu"
reviewed_on = 2026-11-24
*/
SELECT p.period, s.village_code AS area,
  s.child_id || '@' || s.scale || '@' || CAST(s.screened_on AS VARCHAR) || '@' || COALESCE(s.informant, '') AS subject,
  CASE WHEN s.crisis_acted_at <= add_hours(s.crisis_found_at, p.crisis_hours) THEN 'yes'
       WHEN s.crisis_found_at IS NULL OR unusable(s.invalid, 'crisis_acted_at') THEN 'unknown'
       ELSE 'no' END AS outcome, s.record
FROM period AS p
JOIN screen_reading AS s ON COALESCE(day_of(s.crisis_found_at), s.screened_on) BETWEEN p.starts_on AND p.snapshot_on
WHERE p.kind = 'quarter' AND s.crisis_flag
