/*
code = "E12"
title = { zh = "关爱活动参与率", en = "Pupils who joined an activity" }
question = { zh = "孩子参加过学校的兴趣小组、社团、节日或文体活动吗？", en = "Did each child join an interest group, a club, a celebration or sports at school?" }
counted = { zh = "至少参加一次的", en = "who joined at least once" }
out_of = { zh = "在读（花名册）的留守儿童", en = "left-behind children on a roster" }
excluded = { zh = "不在学校花名册上的儿童；资格不成立或待核实的；其他类别的活动", en = "children on no school's roster; those not, or not yet, established as left-behind; activities of other kinds" }
unknown = { zh = "是否参加、活动类别未填或无法辨认，学校有活动没有名单，或学校没有上报活动", en = "attendance or kind not recorded or unreadable, an activity of the school without a list, or no activity reported by the school" }
clause = "四·3"
owner = { zh = "学校", en = "school" }
period = "term"
kind = "share"
unit = "share"
better = "higher"
disclosure = "work"
subject = "child"
needs = ["activity", "activity_attendance"]
partner = ["E8"]
author = "守护 Shouhu"
reviewed_on = 2026-11-24
*/
WITH held AS (
  -- Holidays count for the term before them.
  SELECT t.period, a.activity_no, a.org_code, a.kind, a.is_listed,
    a.kind IS NULL OR a.kind IN ('interest_group', 'club', 'festival', 'recreation') AS may_count
  FROM term_span AS t
  JOIN held_activity AS a ON a.held_on BETWEEN t.starts_on AND t.last_on
  JOIN org AS o ON o.org_code = a.org_code
),
reported AS (
  SELECT period, org_code, MAX(CASE WHEN may_count AND NOT is_listed THEN 1 ELSE 0 END) AS n_without_list
  FROM held
  GROUP BY period, org_code
),
attended AS (
  SELECT h.period, l.child_id, MIN(l.record) AS record,
    MAX(CASE WHEN l.attended = FALSE THEN 0 WHEN l.attended AND h.kind IS NOT NULL THEN 2 ELSE 1 END) AS certainty
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
JOIN pupil AS q ON q.on_day = p.snapshot_on
LEFT JOIN attended AS l ON l.period = p.period AND l.child_id = q.child_id
LEFT JOIN reported AS r ON r.period = p.period AND r.org_code = q.org_code
WHERE p.kind = 'term'
