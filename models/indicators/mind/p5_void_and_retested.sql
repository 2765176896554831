/*
code = "P5"
title = { zh = "无效答卷率与复测率", en = "Void papers and re-tests" }
question = { zh = "多少答卷作废，作废的重新测了吗？", en = "How many papers were void, and were they written again?" }
counted = { zh = "作废或无法划界的答卷；其中同一量表又测过的", en = "papers that are void or cannot be banded; those of them followed by another of the same scale" }
out_of = { zh = "学年内的答卷；其中无效的", en = "papers of the school year; the void ones among them" }
excluded = { zh = "其他学年的答卷；重测不算另一量表或同一天的答卷", en = "papers of other school years; a paper of another scale or of the same day is no re-test" }
unknown = { zh = "缺效度分的答卷", en = "papers without a lie score" }
clause = "五·4"
owner = { zh = "学校", en = "school" }
period = "school_year"
kind = "share"
unit = "share"
better = "none"
disclosure = "status"
subject = "screen"
needs = ["psych_screen"]
partner = ["P4"]
author = "守护 Shouhu"
reviewed_on = 2026-11-24

[series]
"void" = { zh = "无效答卷率", en = "void papers" }
"retested" = { zh = "复测率", en = "written again" }
*/
WITH paper AS (
  SELECT p.period, p.snapshot_on, s.child_id, s.scale, s.screened_on, s.village_code AS area, s.reading, s.record,
    s.child_id || '@' || s.scale || '@' || CAST(s.screened_on AS VARCHAR) || '@' || COALESCE(s.informant, '') AS subject
  FROM period AS p
  JOIN screen_reading AS s ON s.screened_on BETWEEN p.starts_on AND p.snapshot_on
  WHERE p.kind = 'school_year'
),
last_paper AS (
  SELECT p.period, s.child_id, s.scale, MAX(s.screened_on) AS screened_on, MAX(s.record) AS record
  FROM period AS p
  JOIN screen_reading AS s ON s.screened_on <= p.snapshot_on
  WHERE p.kind = 'school_year'
  GROUP BY p.period, s.child_id, s.scale
)
SELECT 'void' AS series, period, area, subject,
  CASE WHEN reading = 'validity_unknown' THEN 'unknown'
       WHEN reading IN ('void', 'not_banded') THEN 'yes' ELSE 'no' END AS outcome, record
FROM paper
UNION ALL
SELECT 'retested' AS series, a.period, a.area, a.subject,
  CASE WHEN l.screened_on > a.screened_on THEN 'yes' ELSE 'no' END AS outcome,
  CASE WHEN l.screened_on > a.screened_on THEN l.record ELSE a.record END AS record
FROM paper AS a
JOIN last_paper AS l ON l.period = a.period AND l.child_id = a.child_id AND l.scale = a.scale
WHERE a.reading IN ('void', 'not_banded')
