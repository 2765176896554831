/*
code = "R12"
title = { zh = "年度体检与参保率", en = "Examined and insured" }
question = { zh = "孩子们每年体检了吗，有医保吗？", en = "Is each child examined every year, and insured?" }
counted = { zh = "周期内体检的；参加医保的", en = "examined within the interval; insured" }
out_of = { zh = "在册且资格成立的儿童", en = "left-behind children on a list" }
excluded = { zh = "资格不成立或待核实的儿童；不在任何名单上的儿童", en = "children not, or not yet, established as left-behind; children on no list" }
unknown = { zh = "未填或无法辨认；更晚的体检盖住了以前的", en = "not recorded or unreadable; a later examination hides earlier ones" }
clause = "四·1"
owner = { zh = "卫健", en = "health" }
period = "year"
kind = "share"
unit = "share"
better = "higher"
disclosure = "status"
subject = "child"
needs = ["health"]
parameters = ["examination_months"]
author = "守护 Shouhu"
reviewed_on = 2026-11-24

[series]
"examined" = { zh = "周期内体检", en = "examined within the interval" }
"insured" = { zh = "参加医保", en = "insured" }
*/
WITH child_now AS (
  SELECT p.period, p.snapshot_on, p.examination_months, q.child_id, q.village_code,
    h.examined_on, h.insured, COALESCE(h.record, q.record) AS record
  FROM period AS p
  JOIN population AS q ON q.on_day = p.snapshot_on
  LEFT JOIN health AS h ON h.child_id = q.child_id
  WHERE p.kind = 'year' AND q.eligibility = 'yes' AND q.listed
)
SELECT 'examined' AS series, period, village_code AS area, child_id AS subject,
  CASE WHEN examined_on IS NULL OR examined_on > snapshot_on THEN 'unknown'
       WHEN examined_on >= add_months(snapshot_on, 0 - examination_months) THEN 'yes'
       ELSE 'no' END AS outcome, record
FROM child_now
UNION ALL
SELECT 'insured' AS series, period, village_code AS area, child_id AS subject,
  CASE WHEN insured THEN 'yes' WHEN NOT insured THEN 'no' ELSE 'unknown' END AS outcome, record
FROM child_now
