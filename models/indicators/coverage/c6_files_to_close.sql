/*
code = "C6"
title = { zh = "应退未退率", en = "Files that should have been closed" }
question = { zh = "该退出的孩子，档案及时退出了吗？", en = "Are files closed in time when their reason has ended?" }
counted = { zh = "满十六周岁、父母已返或已迁出超过时限而未退的", en = "past the limit since the child turned sixteen, the parents returned or the child moved out" }
out_of = { zh = "村级档案在册的儿童", en = "children with an open village file" }
excluded = { zh = "已关闭的村级档案；只在学校或公安名单上的儿童", en = "closed village files; children on the school or police list alone" }
unknown = { zh = "返乡或迁出日期没有记录、资格待核实", en = "no day on record for the return or the move, or eligibility not established" }
clause = "五·1"
owner = { zh = "村", en = "village" }
period = "quarter"
kind = "share"
unit = "share"
better = "lower"
disclosure = "status"
subject = "child"
needs = ["enrolment_episode"]
parameters = ["age_limit_years", "exit_days"]
partner = ["C4"]
author = "守护 Shouhu"
reviewed_on = 2026-11-24
*/
WITH parent AS (
  SELECT d.child_id, d.on_day, d.state, d.capacity, f.until,
    CASE WHEN f.status = 'returned' AND f.until IS NULL THEN 1 ELSE 0 END AS undated
  FROM parent_day AS d
  JOIN parent_fact AS f ON f.child_id = d.child_id AND f.parent = d.parent
),
both AS (
  -- `over` where the parents' whereabouts no longer make the child left-behind.
  SELECT child_id, on_day,
    SUM(CASE WHEN state = 'away' THEN 1 ELSE 0 END) AS n_away,
    SUM(CASE WHEN state = 'unknown' THEN 1 ELSE 0 END) AS n_unknown,
    SUM(CASE WHEN state = 'home' AND capacity = 'yes' THEN 1 ELSE 0 END) AS n_capable,
    MAX(CASE WHEN state = 'home' THEN until END) AS returned_on,
    MAX(undated) AS undated
  FROM parent
  GROUP BY child_id, on_day
),
reason AS (
  SELECT p.period, p.snapshot_on, p.exit_days, q.child_id, q.village_code, q.eligibility, q.record, k.birth_date,
    k.residence, b.returned_on, b.undated, v.residence_verified_on, p.age_limit_years,
    b.n_unknown = 0 AND (b.n_away = 0 OR b.n_capable > 0) AS over
  FROM period AS p
  JOIN population AS q ON q.on_day = p.snapshot_on
  JOIN known_child AS k ON k.child_id = q.child_id
  JOIN both AS b ON b.child_id = q.child_id AND b.on_day = q.on_day
  LEFT JOIN verification AS v ON v.child_id = q.child_id
  WHERE p.kind = 'quarter' AND q.file_open
)
SELECT period, village_code AS area, child_id AS subject,
  CASE WHEN age_on(birth_date, add_days(snapshot_on, 0 - exit_days - 1)) >= age_limit_years THEN 'yes'
       WHEN over AND undated = 0 AND days_between(returned_on, snapshot_on) > exit_days THEN 'yes'
       WHEN residence = 'outside' AND days_between(residence_verified_on, snapshot_on) > exit_days THEN 'yes'
       -- The move is at least as old as the check that found it; how much older, nobody knows.
       WHEN residence = 'outside' THEN 'unknown'
       WHEN over AND (undated = 1 OR returned_on IS NULL) THEN 'unknown'
       WHEN eligibility = 'unknown' THEN 'unknown'
       ELSE 'no' END AS outcome,
  record
FROM reason
