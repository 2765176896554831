/*
code = "C15"
title = { zh = "高优先首访时效", en = "First visit after a top tier" }
question = { zh = "列入最高优先级后，及时上门了吗？", en = "Was a child visited soon after coming into the top tier?" }
counted = { zh = "时限内入户走访的", en = "visited at home within the limit" }
out_of = { zh = "期内首访到期的列入最高优先级（立即报告、红）", en = "children newly in the top tier (report now, red) whose first visit fell due in the period" }
excluded = { zh = "首访尚未到期的；只在心理转介名单上列入最高优先级的", en = "first visits not yet due; children in the top tier of the referral list alone" }
unknown = { zh = "走访日期或方式无法辨认", en = "a visit whose day or mode cannot be read" }
clause = "四·2"
owner = { zh = "民政", en = "civil affairs" }
period = "quarter"
kind = "share"
unit = "share"
better = "higher"
disclosure = "status"
subject = "tiering"
needs = ["visit"]
parameters = ["first_visit_top_tier_days"]
partner = ["C14"]
author = "守护 Shouhu"
reviewed_on = 2026-11-24

[series]
"in_time" = { zh = "时限内首访", en = "visited within the limit" }
"days" = { zh = "首访天数（中位）", en = "days until the first visit (median)", kind = "duration" }
*/
WITH today AS (
  SELECT snapshot_on FROM period WHERE kind = 'snapshot'
),
home_visit AS (
  SELECT t.child_id, t.tiered_on, MIN(v.visited_on) AS visited_on, MIN(v.record) AS record
  FROM tiering AS t
  JOIN visit AS v ON v.child_id = t.child_id AND v.visited_on >= t.tiered_on AND v.mode = 'home'
  GROUP BY t.child_id, t.tiered_on
),
unclear AS (
  SELECT DISTINCT t.child_id, t.tiered_on
  FROM tiering AS t
  JOIN visit AS v ON v.child_id = t.child_id
    AND ((unusable(v.invalid, 'visited_on') AND COALESCE(v.mode, 'home') = 'home' AND COALESCE(v.recorded_on, v.due_on) >= t.tiered_on)
         OR (v.mode IS NULL AND v.visited_on >= t.tiered_on))
),
due AS (
  SELECT p.period, p.first_visit_top_tier_days AS limit_days, k.village_code AS area, t.child_id, t.tiered_on,
    t.child_id || '@' || CAST(t.tiered_on AS VARCHAR) AS subject, d.snapshot_on,
    CASE WHEN h.visited_on <= d.snapshot_on THEN h.visited_on END AS visited_on,
    u.child_id IS NOT NULL AS unclear, COALESCE(h.record, t.record, k.record) AS record
  FROM period AS p
  CROSS JOIN today AS d
  JOIN tiering AS t ON add_days(t.tiered_on, p.first_visit_top_tier_days) BETWEEN p.starts_on AND p.ends_on
    AND add_days(t.tiered_on, p.first_visit_top_tier_days) <= d.snapshot_on
  JOIN known_child AS k ON k.child_id = t.child_id
  LEFT JOIN home_visit AS h ON h.child_id = t.child_id AND h.tiered_on = t.tiered_on
  LEFT JOIN unclear AS u ON u.child_id = t.child_id AND u.tiered_on = t.tiered_on
  WHERE p.kind = 'quarter' AND t.target = 'visit' AND t.tier IN ('report_now', 'red')
)
SELECT 'in_time' AS series, period, area, subject,
  CASE WHEN days_between(tiered_on, visited_on) <= limit_days THEN 'yes'
       WHEN unclear THEN 'unknown' ELSE 'no' END AS outcome,
  days_between(tiered_on, visited_on) AS days, record
FROM due
UNION ALL
SELECT 'days' AS series, period, area, subject,
  CASE WHEN visited_on IS NOT NULL THEN 'yes' WHEN unclear THEN 'unknown' ELSE 'no' END AS outcome,
  CASE WHEN visited_on IS NOT NULL THEN days_between(tiered_on, visited_on)
       WHEN NOT unclear THEN days_between(tiered_on, snapshot_on) END AS days, record
FROM due
