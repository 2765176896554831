/*
code = "P7"
title = { zh = "咨询触达率", en = "Positives who had a session" }
question = { zh = "筛查阳性的孩子，及时得到个别咨询了吗？", en = "Did each child with a positive screen have an individual session in time?" }
counted = { zh = "时限内至少一次个别咨询的", en = "at least one individual session within the limit" }
out_of = { zh = "学期内筛查阳性、首次咨询已到期的", en = "valid positive screens of the term whose first session has fallen due" }
excluded = { zh = "首次咨询尚未到期的；无效、阴性和临界的答卷；团体活动不算个别咨询", en = "screens not yet due for a first session; papers that are void, negative or in the middle band; a group session is no individual one" }
unknown = { zh = "无（没有咨询记录即没有咨询）", en = "none (no session on record is no session)" }
clause = "五·4"
owner = { zh = "学校", en = "school" }
period = "term"
kind = "share"
unit = "share"
better = "higher"
disclosure = "status"
subject = "screen"
needs = ["psych_screen", "psych_session"]
parameters = ["first_session_days"]
partner = ["P6"]
author = "守护 Shouhu"
reviewed_on = 2026-11-24
*/
WITH positive AS (
  SELECT p.period, s.child_id, s.screened_on, s.village_code AS area, s.record,
    add_days(s.screened_on, p.first_session_days) AS last_day,
    s.child_id || '@' || s.scale || '@' || CAST(s.screened_on AS VARCHAR) || '@' || COALESCE(s.informant, '') AS subject
  FROM period AS p
  JOIN period AS today ON today.kind = 'snapshot'
  JOIN screen_reading AS s ON s.screened_on BETWEEN p.starts_on AND p.ends_on
    AND add_days(s.screened_on, p.first_session_days) <= today.snapshot_on
  WHERE p.kind = 'term' AND s.reading = 'positive'
),
held AS (
  SELECT a.subject, MIN(c.held_on) AS held_on, MIN(c.record) AS record
  FROM positive AS a
  JOIN psych_session AS c ON c.child_id = a.child_id AND c.held_on BETWEEN a.screened_on AND a.last_day
  WHERE c.kind = 'individual'
  GROUP BY a.subject
)
SELECT a.period, a.area, a.subject, CASE WHEN h.subject IS NOT NULL THEN 'yes' ELSE 'no' END AS outcome,
  days_between(a.screened_on, h.held_on) AS days, COALESCE(h.record, a.record) AS record
FROM positive AS a
LEFT JOIN held AS h ON h.subject = a.subject
