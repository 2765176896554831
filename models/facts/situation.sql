/*
zh = "居住与看护"
en = "Living arrangement and supervision"
clause = "未保法21"
tables = ["known_child", "living_arrangement", "verification", "enrolment_episode"]

[[facts]]
name = "age_years"
kind = "number"
unit = "years"
zh = "年龄"
en = "age"
sentence_zh = "{number}岁"
sentence_en = "{number} years old"
risk = "none"
window = "now"
never_stale_zh = "由出生日期算出"
never_stale_en = "it follows from the birth date"

[[facts]]
name = "lives_alone"
kind = "flag"
zh = "独自居住"
en = "lives alone"
sentence_zh = "台账记录孩子独自居住（记录日期{date}）"
sentence_en = "the ledger says that the child lives alone (recorded {date})"
risk = "higher"
window = "now"
stale_after_days = "ledger_answer_stale_days"

[[facts]]
name = "unattended"
kind = "flag"
zh = "无人看护"
en = "unattended"
sentence_zh = "台账记录日常无人看护（记录日期{date}）"
sentence_en = "the ledger says that nobody looks after the child (recorded {date})"
risk = "higher"
window = "now"
stale_after_days = "ledger_answer_stale_days"
*/
-- A reassuring answer expires and becomes "not known"; a worrying one stands until somebody corrects it.
SELECT
  child.child_id,
  age_on(child.birth_date, day.on_day) AS age_years,
  child.birth_date AS age_years__since,
  file.row_record AS age_years__record,
  CASE
    WHEN file.is_ended THEN CAST(NULL AS BOOLEAN)
    WHEN live.living = 'alone' THEN TRUE
    WHEN live.living IS NOT NULL AND NOT COALESCE(file.is_stale, FALSE) THEN FALSE
  END AS lives_alone,
  file.stated_on AS lives_alone__since,
  live.record AS lives_alone__record,
  CASE
    WHEN file.is_ended THEN CAST(NULL AS BOOLEAN)
    WHEN live.supervision = 'unattended' THEN TRUE
    WHEN live.supervision IS NOT NULL AND NOT COALESCE(file.is_stale, FALSE) THEN FALSE
  END AS unattended,
  file.stated_on AS unattended__since,
  live.record AS unattended__record
FROM known_child AS child
CROSS JOIN fact_day AS day
LEFT JOIN ledger_file AS file ON file.child_id = child.child_id
LEFT JOIN living_arrangement AS live ON live.child_id = child.child_id
