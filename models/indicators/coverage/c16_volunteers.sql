/*
code = "C16"
title = { zh = "志愿服务覆盖率", en = "Children reached by volunteers" }
question = { zh = "孩子参加过志愿者的活动吗？", en = "Did each child take part in an activity with volunteers?" }
counted = { zh = "至少参加一次有志愿者的活动的", en = "who took part at least once in an activity with volunteers" }
out_of = { zh = "期末在册的留守儿童", en = "left-behind children at the end of the period" }
excluded = { zh = "资格不成立或待核实的儿童；不在任何名单上的；没有志愿者的活动", en = "children not, or not yet, established as left-behind; children on no list; activities without volunteers" }
unknown = { zh = "是否参加、有无志愿者未填或无法辨认，村里有活动没有名单，或村里没有上报活动", en = "attendance or volunteers not recorded or unreadable, an activity of the village without a list, or no activity reported by the village" }
clause = "四·2"
owner = { zh = "村", en = "village" }
period = "quarter"
kind = "share"
unit = "share"
better = "higher"
disclosure = "work"
subject = "child"
needs = ["activity", "activity_attendance"]
partner = ["C14"]
author = "守护 Shouhu"
reviewed_on = 2026-11-24
*/
WITH held AS (
  SELECT p.period, a.activity_no, a.org_code, a.by_volunteers, a.is_listed,
    a.by_volunteers IS NULL OR a.by_volunteers AS may_count
  FROM period AS p
  JOIN held_activity AS a ON a.held_on BETWEEN p.starts_on AND p.snapshot_on
  WHERE p.kind = 'quarter'
),
reported AS (
  SELECT period, org_code, MAX(CASE WHEN may_count AND NOT is_listed THEN 1 ELSE 0 END) AS n_without_list
  FROM held
  GROUP BY period, org_code
),
attended AS (
  SELECT h.period, l.child_id, MIN(l.record) AS record,
    MAX(CASE WHEN l.attended = FALSE THEN 0 WHEN l.attended AND h.by_volunteers THEN 2 ELSE 1 END) AS certainty
  FROM held AS h
  JOIN activity_attendance AS l ON l.activity_no = h.activity_no
  WHERE h.may_count
  GROUP BY h.period, l.child_id
)
SELECT p.period, q.village_code AS area, q.child_id AS subject,
  CASE WHEN l.certainty = 2 THEN 'yes'
       WHEN l.certainty = 1 OR r.n_without_list = 1 OR r.org_code IS NULL THEN 'unknown'
       ELSE 'no' END AS outcome, COALESCE(l.record, q.record) AS record
FROM period AS p
JOIN population AS q ON q.on_day = p.snapshot_on
LEFT JOIN attended AS l ON l.period = p.period AND l.child_id = q.child_id
LEFT JOIN reported AS r ON r.period = p.period AND r.org_code = q.village_code
WHERE p.kind = 'quarter' AND q.eligibility = 'yes' AND q.listed
