/*
code = "I1"
title = { zh = "五类内容完整率", en = "Completeness of the five content groups" }
question = { zh = "档案里该填的都填了吗？", en = "Is what a file must hold recorded?" }
counted = { zh = "已填且能辨认的栏目", en = "fields recorded and readable" }
out_of = { zh = "未关闭村级档案的必填栏目", en = "required fields of open village files" }
excluded = { zh = "已关闭的档案；不适用的栏目，如不在读儿童的年级", en = "closed files; fields that do not apply, such as the grade of a child who is not at school" }
unknown = { zh = "无（未填即未知，计入未填）", en = "none (a blank is what this measure counts)" }
clause = "五·1"
owner = { zh = "村·校", en = "villages and schools" }
period = "month"
kind = "share"
weight = "cells"
unit = "share"
better = "higher"
disclosure = "work"
subject = "child"
needs = ["enrolment_episode"]
partner = ["I2"]
author = "守护 Shouhu"
reviewed_on = 2026-11-24

[series]
"basic" = { zh = "本人基本信息", en = "the child" }
"guardian" = { zh = "父母及监护人", en = "parents and carer" }
"economy" = { zh = "家庭经济", en = "family economy" }
"study" = { zh = "学习情况", en = "study" }
"health" = { zh = "健康状况", en = "health" }
*/
WITH cell AS (
  SELECT k.child_id, h.record,
    (CASE WHEN k.sex IS NULL THEN 0 ELSE 1 END) + (CASE WHEN k.birth_date IS NULL THEN 0 ELSE 1 END)
      + (CASE WHEN k.ethnicity IS NULL THEN 0 ELSE 1 END) + (CASE WHEN k.residence IS NULL THEN 0 ELSE 1 END) AS basic_known,
    4 AS basic_required,
    (CASE WHEN h.income_band IS NULL THEN 0 ELSE 1 END) + (CASE WHEN h.relief_status IS NULL THEN 0 ELSE 1 END) AS economy_known,
    2 AS economy_required,
    (CASE WHEN e.disability IS NULL THEN 0 ELSE 1 END) + (CASE WHEN e.chronic_disease IS NULL THEN 0 ELSE 1 END)
      + (CASE WHEN e.insured IS NULL THEN 0 ELSE 1 END) + (CASE WHEN e.examined_on IS NULL THEN 0 ELSE 1 END) AS health_known,
    4 AS health_required,
    -- School, grade and boarding are asked of pupils alone.
    (CASE WHEN s.status IS NULL THEN 0 ELSE 1 END)
      + (CASE WHEN s.status = 'enrolled' AND (s.org_code IS NOT NULL OR s.school_name IS NOT NULL) THEN 1 ELSE 0 END)
      + (CASE WHEN s.status = 'enrolled' AND s.grade IS NOT NULL THEN 1 ELSE 0 END)
      + (CASE WHEN s.status = 'enrolled' AND s.boarding IS NOT NULL THEN 1 ELSE 0 END) AS study_known,
    CASE WHEN s.status = 'enrolled' THEN 4 ELSE 1 END AS study_required
  FROM known_child AS k
  LEFT JOIN household AS h ON h.child_id = k.child_id
  LEFT JOIN health AS e ON e.child_id = k.child_id
  LEFT JOIN schooling AS s ON s.child_id = k.child_id AND s.source = 'village'
),
adult AS (
  -- Each parent: status, and with it the day of leaving (away) or the capacity (at home).  The carer: relation, capacity.
  SELECT r.child_id,
    SUM(CASE WHEN r.role = 'carer'
          THEN (CASE WHEN r.relation_to_child IS NULL THEN 0 ELSE 1 END) + (CASE WHEN r.capacity IN ('yes', 'no') THEN 1 ELSE 0 END)
          ELSE (CASE WHEN r.status IS NULL THEN 0 ELSE 1 END)
            + (CASE WHEN r.status = 'away' AND m.since IS NOT NULL THEN 1
                    WHEN r.status IN ('home', 'returned') AND r.capacity IN ('yes', 'no') THEN 1 ELSE 0 END) END) AS known,
    SUM(CASE WHEN r.role = 'carer' THEN 2 WHEN r.status IN ('away', 'home', 'returned') THEN 2 ELSE 1 END) AS required
  FROM relation AS r
  LEFT JOIN parent_migration AS m ON m.child_id = r.child_id AND m.parent = r.role
  WHERE r.source = 'village'
  GROUP BY r.child_id
),
counted AS (
  SELECT c.child_id, 'basic' AS series, c.basic_known AS known, c.basic_required AS required FROM cell AS c
  UNION ALL
  SELECT a.child_id, 'guardian' AS series, a.known, a.required FROM adult AS a
  UNION ALL
  SELECT c.child_id, 'economy' AS series, c.economy_known AS known, c.economy_required AS required FROM cell AS c
  UNION ALL
  SELECT c.child_id, 'study' AS series, c.study_known AS known, c.study_required AS required FROM cell AS c
  UNION ALL
  SELECT c.child_id, 'health' AS series, c.health_known AS known, c.health_required AS required FROM cell AS c
),
file AS (
  SELECT p.period, q.child_id, q.village_code, q.record
  FROM period AS p
  JOIN population AS q ON q.on_day = p.snapshot_on
  WHERE p.kind = 'month' AND q.file_open
)
SELECT c.series, f.period, f.village_code AS area, f.child_id AS subject, 'yes' AS outcome,
  CAST(c.known AS DECIMAL(18, 2)) AS amount, f.record
FROM file AS f JOIN counted AS c ON c.child_id = f.child_id
WHERE c.known > 0
UNION ALL
SELECT c.series, f.period, f.village_code AS area, f.child_id AS subject, 'no' AS outcome,
  CAST(c.required - c.known AS DECIMAL(18, 2)) AS amount, f.record
FROM file AS f JOIN counted AS c ON c.child_id = f.child_id
WHERE c.required > c.known
