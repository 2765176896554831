/*
code = "E11"
title = { zh = "教师培训覆盖率", en = "Class teachers trained" }
question = { zh = "留守儿童的班主任受过培训吗？", en = "Have the class teachers of left-behind children been trained?" }
counted = { zh = "期限内受过留守儿童教育或心理辅导培训的", en = "trained in teaching left-behind children or in counselling within the limit" }
out_of = { zh = "班里有留守儿童的班主任（当年最近一次上报的名单）", en = "class teachers with a left-behind pupil in the class, by the newest list of the year" }
excluded = { zh = "班里没有留守儿童的班主任；超过期限的培训；其他内容的培训", en = "class teachers without a left-behind pupil; trainings older than the limit; trainings on other topics" }
unknown = { zh = "只有内容未填或无法辨认的培训", en = "only trainings whose topic is not recorded or unreadable" }
clause = "四·1"
owner = { zh = "教育", en = "education" }
period = "year"
kind = "share"
unit = "share"
better = "higher"
disclosure = "work"
subject = "teacher"
needs = ["class_teacher", "training", "school_care"]
parameters = ["teacher_training_months"]
partner = ["E5"]
author = "守护 Shouhu"
reviewed_on = 2026-11-24
*/
WITH newest AS (
  SELECT p.period, p.snapshot_on, p.teacher_training_months, c.org_code, MAX(t.starts_on) AS starts_on
  FROM period AS p
  JOIN period AS t ON year_of(t.starts_on) = year_of(p.starts_on)
  JOIN class_teacher AS c ON c.term = t.period
  WHERE p.kind = 'year'
  GROUP BY p.period, p.snapshot_on, p.teacher_training_months, c.org_code
),
teacher AS (
  SELECT n.period, n.snapshot_on, n.teacher_training_months, c.worker_ref, MIN(c.org_code) AS org_code, MIN(c.record) AS record
  FROM newest AS n
  JOIN period AS t ON t.starts_on = n.starts_on
  JOIN class_teacher AS c ON c.term = t.period AND c.org_code = n.org_code
  JOIN school_care AS k ON k.term = c.term AND k.org_code = c.org_code AND k.grade = c.grade AND k.class_name = c.class_name
  JOIN pupil AS q ON q.child_id = k.child_id AND q.on_day = n.snapshot_on
  GROUP BY n.period, n.snapshot_on, n.teacher_training_months, c.worker_ref
),
trained AS (
  SELECT t.period, t.worker_ref, MAX(r.record) AS record,
    MAX(CASE WHEN r.topic IN ('left_behind_education', 'psychological_counselling') THEN 2
             WHEN r.topic IS NULL THEN 1 ELSE 0 END) AS certainty
  FROM teacher AS t
  JOIN training AS r ON r.worker_ref = t.worker_ref
    AND r.trained_on BETWEEN add_months(t.snapshot_on, 0 - t.teacher_training_months) AND t.snapshot_on
  GROUP BY t.period, t.worker_ref
)
SELECT t.period, t.org_code AS area, t.worker_ref AS subject,
  CASE WHEN r.certainty = 2 THEN 'yes' WHEN r.certainty = 1 THEN 'unknown' ELSE 'no' END AS outcome,
  COALESCE(r.record, t.record) AS record
FROM teacher AS t
LEFT JOIN trained AS r ON r.period = t.period AND r.worker_ref = t.worker_ref
