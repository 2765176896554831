/*
code = "P8"
title = { zh = "应转尽转率", en = "Severe cases that were referred" }
question = { zh = "复评为严重的孩子，都转介了吗？", en = "Was every child judged severe referred to a professional?" }
counted = { zh = "复评后决定转介的", en = "those for whom a referral was decided on or after the judgement" }
out_of = { zh = "期内复评结论为严重的儿童", en = "children judged severe in the period" }
excluded = { zh = "复评结论不是严重的，或结论没有填写、无法辨认的", en = "children judged otherwise, or whose judgement is not recorded or cannot be read" }
unknown = { zh = "无", en = "none" }
clause = "五·4"
owner = { zh = "学校·卫健", en = "schools and health" }
period = "quarter"
kind = "share"
unit = "share"
better = "higher"
disclosure = "status"
subject = "judgement"
needs = ["psych_screen"]
partner = ["P9", "P10"]
author = "守护 Shouhu"
reviewed_on = 2026-11-24
*/
WITH judged AS (
  SELECT child_id, COALESCE(second_on, screened_on) AS judged_on, MIN(record) AS record
  FROM psych_screen
  WHERE second_outcome = 'severe'
  GROUP BY child_id, COALESCE(second_on, screened_on)
),
referred AS (
  SELECT child_id, MAX(decided_on) AS last_on FROM psych_referral GROUP BY child_id
)
SELECT p.period, k.village_code AS area, j.child_id || '@' || CAST(j.judged_on AS VARCHAR) AS subject,
  CASE WHEN r.last_on >= j.judged_on THEN 'yes' ELSE 'no' END AS outcome, j.record
FROM period AS p
JOIN judged AS j ON j.judged_on BETWEEN p.starts_on AND p.snapshot_on
JOIN known_child AS k ON k.child_id = j.child_id
LEFT JOIN referred AS r ON r.child_id = j.child_id
WHERE p.kind = 'quarter'
