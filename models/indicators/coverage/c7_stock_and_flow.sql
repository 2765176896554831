/*
code = "C7"
title = { zh = "在册人数与流量", en = "Children on the register, and flows" }
question = { zh = "现在有多少留守儿童，新增多少，因什么退出？", en = "How many left-behind children are there, how many are new, why did others leave?" }
counted = { zh = "在册、新增、退出的儿童人数", en = "children on the register, new on it, or taken off it" }
out_of = { zh = "期末在册，或期内进出名单的儿童", en = "children on a list at the end, or entering or leaving during the period" }
excluded = { zh = "在册：资格不成立的。新增：录入时已在另一名单上的。退出：学校、公安名单上的退出（只看村级档案）", en = "on the register: children established not to be left-behind. New: those already on another list. Taken off: entries closed by school or police (the village file alone counts)" }
unknown = { zh = "无（资格待核实的另列）", en = "none (eligibility not established is shown as its own part)" }
clause = "五·1"
owner = { zh = "民政", en = "civil affairs" }
period = "quarter"
kind = "count"
unit = "count"
better = "none"
disclosure = "status"
subject = "child"
needs = ["enrolment_episode"]
author = "守护 Shouhu"
reviewed_on = 2026-11-24

[series]
"stock" = { zh = "在册", en = "on the register" }
"stock.not_established" = { zh = "资格待核实", en = "eligibility not established" }
"type.both" = { zh = "双方外出", en = "both parents away" }
"type.one" = { zh = "一方外出", en = "one parent away" }
"new" = { zh = "新增", en = "new" }
"exit.parents_returned" = { zh = "退出：父母返乡", en = "left: parents returned" }
"exit.turned_sixteen" = { zh = "退出：满16周岁", en = "left: turned sixteen" }
"exit.moved_with_parents" = { zh = "退出：随父母迁出", en = "left: moved away with parents" }
"exit.transferred" = { zh = "退出：转出", en = "left: transferred" }
"exit.died" = { zh = "退出：死亡", en = "left: died" }
"exit.registration_error" = { zh = "退出：登记错误", en = "left: registered by mistake" }
"exit.not_recorded" = { zh = "退出：原因未填", en = "left: reason not recorded", optional = true }
*/
WITH stock AS (
  SELECT p.period, q.child_id, q.village_code, q.eligibility, q.left_type, q.record
  FROM period AS p
  JOIN population AS q ON q.on_day = p.snapshot_on
  WHERE p.kind = 'quarter' AND q.listed
),
entered AS (
  -- New is who stood on no list when this entry was made.
  SELECT p.period, e.child_id, MIN(e.record) AS record
  FROM period AS p
  JOIN episode AS e ON e.opened_on BETWEEN p.starts_on AND p.snapshot_on
  WHERE p.kind = 'quarter' AND NOT EXISTS (
    SELECT 1 AS one FROM episode AS o
    WHERE o.child_id = e.child_id AND o.opened_on < e.opened_on
      AND (o.closed_on IS NULL OR o.closed_on >= e.opened_on))
  GROUP BY p.period, e.child_id
),
left_list AS (
  SELECT p.period, e.child_id, COALESCE(e.close_reason, 'not_recorded') AS reason, MIN(e.record) AS record
  FROM period AS p
  JOIN episode AS e ON e.closed_on BETWEEN p.starts_on AND p.snapshot_on
  WHERE p.kind = 'quarter' AND e.source = 'village'
  GROUP BY p.period, e.child_id, COALESCE(e.close_reason, 'not_recorded')
)
SELECT 'stock' AS series, period, village_code AS area, child_id AS subject, 'yes' AS outcome, record
FROM stock WHERE eligibility = 'yes'
UNION ALL
SELECT 'stock.not_established' AS series, period, village_code AS area, child_id AS subject, 'yes' AS outcome, record
FROM stock WHERE eligibility = 'unknown'
UNION ALL
SELECT 'type.' || left_type AS series, period, village_code AS area, child_id AS subject, 'yes' AS outcome, record
FROM stock WHERE eligibility = 'yes'
UNION ALL
SELECT 'new' AS series, e.period, k.village_code AS area, e.child_id AS subject, 'yes' AS outcome, e.record
FROM entered AS e JOIN known_child AS k ON k.child_id = e.child_id
UNION ALL
SELECT 'exit.' || l.reason AS series, l.period, k.village_code AS area, l.child_id AS subject, 'yes' AS outcome, l.record
FROM left_list AS l JOIN known_child AS k ON k.child_id = l.child_id
