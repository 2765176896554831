/*
code = "C5"
title = { zh = "资格可证率", en = "Eligibility that can be shown" }
question = { zh = "档案里的每一条资格，都有一年内的核实日期吗？", en = "Does each file hold dated evidence, not older than a year, for every part of the definition?" }
counted = { zh = "出生日期已知，且外出、居住（单方外出的还有监护能力）核实日期在有效期内的档案", en = "files with a birth date and with away, residence and (one parent away) capacity checks still good" }
out_of = { zh = "期末未关闭的村级档案", en = "village files open at the end of the period" }
excluded = { zh = "已关闭的村级档案；只在学校或公安名单上的儿童", en = "closed village files; children on the school or police list alone" }
unknown = { zh = "核实日期无法辨认，或只有期末以后的日期", en = "a date that cannot be read, or only dates after the period's end" }
clause = "二"
owner = { zh = "民政", en = "civil affairs" }
period = "quarter"
kind = "share"
unit = "share"
better = "higher"
disclosure = "work"
subject = "child"
needs = ["enrolment_episode"]
parameters = ["evidence_valid_months"]
partner = ["R1"]
author = "守护 Shouhu"
reviewed_on = 2026-11-24
*/
WITH file AS (
  SELECT p.period, p.snapshot_on, add_months(p.snapshot_on, 0 - p.evidence_valid_months) AS since,
    q.child_id, q.village_code, q.age_years, q.why, v.invalid,
    v.away_verified_on, v.residence_verified_on, v.capacity_assessed_on, COALESCE(v.record, q.record) AS record
  FROM period AS p
  JOIN population AS q ON q.on_day = p.snapshot_on
  LEFT JOIN verification AS v ON v.child_id = q.child_id
  WHERE p.kind = 'quarter' AND q.file_open
),
limb AS (
  SELECT period, village_code, child_id, record,
    CASE WHEN age_years IS NULL THEN 'no' ELSE 'yes' END AS age,
    CASE WHEN unusable(invalid, 'away_verified_on') OR away_verified_on > snapshot_on THEN 'unknown'
         WHEN away_verified_on >= since THEN 'yes' ELSE 'no' END AS away,
    CASE WHEN unusable(invalid, 'residence_verified_on') OR residence_verified_on > snapshot_on THEN 'unknown'
         WHEN residence_verified_on >= since THEN 'yes' ELSE 'no' END AS residence,
    -- Only where one parent is left at home does the definition ask for that parent's capacity.
    CASE WHEN why IN ('both_away', 'one_away_other_gone') THEN 'yes'
         WHEN unusable(invalid, 'capacity_assessed_on') OR capacity_assessed_on > snapshot_on THEN 'unknown'
         WHEN capacity_assessed_on >= since THEN 'yes' ELSE 'no' END AS capacity
  FROM file
)
SELECT period, village_code AS area, child_id AS subject,
  CASE WHEN age = 'no' OR away = 'no' OR residence = 'no' OR capacity = 'no' THEN 'no'
       WHEN away = 'unknown' OR residence = 'unknown' OR capacity = 'unknown' THEN 'unknown'
       ELSE 'yes' END AS outcome, record
FROM limb
