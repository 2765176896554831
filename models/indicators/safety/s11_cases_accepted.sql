/*
code = "S11"
title = { zh = "涉案受理时效", en = "Police cases accepted in time" }
question = { zh = "孩子的案子报到公安，及时受理了吗？", en = "Were reports about a child accepted by the police in time?" }
counted = { zh = "时限内受理的", en = "accepted within the limit" }
out_of = { zh = "期内受理到期的报案", en = "reports whose acceptance fell due in the period" }
excluded = { zh = "受理时限尚未到期的报案；报案时间无法辨认的", en = "reports not yet due for acceptance; those made at an hour that cannot be read" }
unknown = { zh = "受理时间无法辨认", en = "an hour of acceptance that cannot be read" }
clause = "四·1"
owner = { zh = "公安", en = "police" }
period = "quarter"
kind = "share"
unit = "share"
better = "higher"
disclosure = "status"
subject = "case"
needs = ["police_case"]
parameters = ["case_accept_hours"]
partner = ["S10"]
author = "守护 Shouhu"
reviewed_on = 2026-11-24
*/
SELECT p.period, k.village_code AS area, c.child_id || '@' || c.kind || '@' || CAST(c.reported_at AS VARCHAR) AS subject,
  CASE WHEN c.accepted_at <= add_hours(c.reported_at, p.case_accept_hours) THEN 'yes'
       WHEN unusable(c.invalid, 'accepted_at') THEN 'unknown'
       ELSE 'no' END AS outcome, c.record
FROM period AS p
JOIN period AS today ON today.kind = 'snapshot'
JOIN police_case AS c ON day_of(add_hours(c.reported_at, p.case_accept_hours)) BETWEEN p.starts_on AND p.ends_on
  -- Accepted early counts at once; a report of yesterday evening is not yet due this morning.
  AND day_of(add_hours(c.reported_at, p.case_accept_hours)) <= today.snapshot_on
JOIN known_child AS k ON k.child_id = c.child_id
WHERE p.kind = 'quarter'
