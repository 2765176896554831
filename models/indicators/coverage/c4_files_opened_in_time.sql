/*
code = "C4"
title = { zh = "登记及时率", en = "Files opened in time" }
question = { zh = "孩子成为留守儿童后，及时建档了吗？", en = "Was the file opened soon after the child was left behind?" }
counted = { zh = "资格开始后期限内建档的", en = "opened within the limit after eligibility began" }
out_of = { zh = "期内新建的村级档案", en = "village files opened in the period" }
excluded = { zh = "学校、公安名单上的登记（只看村级档案）；期外新建的", en = "entries on the school or police list (the village file alone counts); files opened in other periods" }
unknown = { zh = "外出日期缺失、无法辨认或只有月份", en = "a day of leaving that is missing, unreadable or a month alone" }
clause = "五·1"
owner = { zh = "村", en = "village" }
period = "quarter"
kind = "share"
unit = "share"
better = "higher"
disclosure = "work"
subject = "file"
needs = ["enrolment_episode"]
parameters = ["file_opened_within_days"]
partner = ["C5"]
author = "守护 Shouhu"
reviewed_on = 2026-11-24
*/
WITH departure AS (
  SELECT child_id, MAX(since) AS last_on,
    -- A parent who left on an unknown day leaves the beginning unknown.
    MAX(CASE WHEN since IS NULL OR since_month_only THEN 1 ELSE 0 END) AS day_missing
  FROM parent_fact
  WHERE status IN ('away', 'returned')
  GROUP BY child_id
),
opened AS (
  SELECT p.period, p.file_opened_within_days, e.child_id, e.opened_on, e.record, k.village_code,
    CASE WHEN e.opened_on_known AND d.day_missing = 0 AND k.birth_date IS NOT NULL THEN GREATEST(d.last_on, k.birth_date) END AS began_on
  FROM period AS p
  JOIN episode AS e ON e.opened_on BETWEEN p.starts_on AND p.snapshot_on
  JOIN known_child AS k ON k.child_id = e.child_id
  LEFT JOIN departure AS d ON d.child_id = e.child_id
  WHERE p.kind = 'quarter' AND e.source = 'village'
)
SELECT period, village_code AS area, child_id || '@' || CAST(opened_on AS VARCHAR) AS subject,
  CASE WHEN began_on IS NULL THEN 'unknown'
       WHEN days_between(began_on, opened_on) <= file_opened_within_days THEN 'yes'
       ELSE 'no' END AS outcome,
  days_between(began_on, opened_on) AS days, record
FROM opened
