/*
zh = "就学与考勤"
en = "Schooling and attendance"
clause = "义务教育法11、13；未保法28"
tables = ["known_child", "schooling", "attendance", "learning_support", "term_span"]

[[facts]]
name = "schooling_status"
kind = "code"
vocabulary = "schooling_status"
zh = "就学状况"
en = "schooling"
sentence_zh = "就学状况：{value}（记录日期{date}）"
sentence_en = "schooling: {value} (recorded {date})"
risk = "codes"
risky = ["out_of_school"]
window = "now"
stale_after_days = "ledger_answer_stale_days"

[[facts]]
name = "out_of_school"
kind = "flag"
zh = "义务教育阶段失学"
en = "out of school at compulsory-school age"
sentence_zh = "适龄未在校：台账记为失学，各校花名册均无此人（记录日期{date}）"
sentence_en = "of school age, out of school in the ledger and on no roster (recorded {date})"
risk = "higher"
window = "now"
stale_after_days = "ledger_answer_stale_days"

[[facts]]
name = "boarding"
kind = "flag"
zh = "寄宿"
en = "boards at school"
sentence_zh = "在校寄宿"
sentence_en = "boards at school"
risk = "none"
window = "now"
stale_after_days = "ledger_answer_stale_days"

[[facts]]
name = "unexcused_absence_days"
kind = "number"
unit = "days"
zh = "近几个月旷课天数"
en = "days of unexcused absence over the last months"
sentence_zh = "近几个月旷课{number}天（截至{date}）"
sentence_en = "{number} days of unexcused absence over the last months (to {date})"
risk = "higher"
window = "absence_window_months"

[[facts]]
name = "unexcused_absence_percent"
kind = "number"
unit = "percent"
zh = "近几个月旷课率"
en = "share of unexcused absence over the last months"
sentence_zh = "近几个月旷课率{number}%（截至{date}）"
sentence_en = "{number} % unexcused absence over the last months (to {date})"
risk = "higher"
asks = ["unexcused_absence_days"]
window = "absence_window_months"

[[facts]]
name = "expected_school_days"
kind = "number"
unit = "days"
zh = "近几个月应到天数"
en = "school days expected over the last months"
sentence_zh = "近几个月应到{number}天"
sentence_en = "{number} school days expected over the last months"
risk = "none"
window = "absence_window_months"

[[facts]]
name = "learning_difficulty"
kind = "flag"
zh = "学困（最近学期）"
en = "learning difficulty (latest term)"
sentence_zh = "学校登记为学困（学期截至{date}）"
sentence_en = "the school notes a learning difficulty (term to {date})"
risk = "higher"
window = "now"
stale_after_days = "ledger_answer_stale_days"
*/
-- Blank in the ledger and on no roster is "not known" (an empty cell means not recorded, not "no").
-- A roster is a list that the school keeps; what only the village ledger says expires with the ledger's row.
-- Attendance counts whole calendar months that have ended by the day; nobody is truant below school age.
SELECT
  child.child_id,
  CASE
    WHEN roster.child_id IS NOT NULL THEN 'enrolled'
    WHEN ledger.status = 'out_of_school' OR NOT COALESCE(file.is_stale, FALSE) THEN ledger.status
  END AS schooling_status,
  CASE WHEN roster.child_id IS NOT NULL THEN roster.known_on ELSE COALESCE(file.stated_on, ledger.known_on) END
    AS schooling_status__since,
  COALESCE(roster.record, ledger.record) AS schooling_status__record,
  CASE
    WHEN age_on(child.birth_date, day.on_day)
      NOT BETWEEN day.compulsory_age_from_years AND day.compulsory_age_to_years THEN FALSE
    WHEN roster.child_id IS NOT NULL THEN FALSE
    WHEN ledger.status IN ('enrolled', 'not_yet', 'graduated') AND NOT COALESCE(file.is_stale, FALSE) THEN FALSE
    WHEN ledger.status = 'out_of_school' AND child.birth_date IS NOT NULL THEN TRUE
  END AS out_of_school,
  COALESCE(file.stated_on, ledger.known_on) AS out_of_school__since,
  COALESCE(roster.record, ledger.record) AS out_of_school__record,
  COALESCE(roster.boarding, CASE WHEN NOT COALESCE(file.is_stale, FALSE) THEN ledger.boarding END) AS boarding,
  COALESCE(roster.known_on, file.stated_on, ledger.known_on) AS boarding__since,
  COALESCE(roster.record, ledger.record) AS boarding__record,
  COALESCE(absence.n_unexcused, pre_school.no_absence) AS unexcused_absence_days,
  absence.known_on AS unexcused_absence_days__since,
  absence.record AS unexcused_absence_days__record,
  COALESCE(ratio(100 * absence.n_unexcused, absence.n_expected), pre_school.no_absence) AS unexcused_absence_percent,
  absence.known_on AS unexcused_absence_percent__since,
  absence.record AS unexcused_absence_percent__record,
  absence.n_expected AS expected_school_days,
  absence.known_on AS expected_school_days__since,
  absence.record AS expected_school_days__record,
  CASE WHEN study.flagged OR study.is_current THEN study.flagged END AS learning_difficulty,
  COALESCE(study.last_on, study.known_on) AS learning_difficulty__since,
  study.record AS learning_difficulty__record
FROM known_child AS child
CROSS JOIN fact_day AS day
LEFT JOIN ledger_file AS file ON file.child_id = child.child_id
LEFT JOIN (
  SELECT
    enrolled.child_id,
    enrolled.boarding,
    enrolled.known_on,
    enrolled.record
  FROM schooling AS enrolled
  WHERE enrolled.source = 'school' AND enrolled.status = 'enrolled'
) AS roster ON roster.child_id = child.child_id
LEFT JOIN (
  SELECT
    noted.child_id,
    noted.status,
    noted.boarding,
    noted.known_on,
    noted.record
  FROM schooling AS noted
  WHERE noted.source = 'village'
) AS ledger ON ledger.child_id = child.child_id
LEFT JOIN (
  SELECT
    counted.child_id,
    SUM(counted.n_unexcused) AS n_unexcused,
    SUM(counted.n_expected) AS n_expected,
    MAX(counted.known_on) AS known_on,
    record_of_last(counted.record, counted.known_on) AS record
  FROM attendance AS counted
  CROSS JOIN fact_day AS today
  WHERE counted.n_unexcused IS NOT NULL
    AND counted.n_expected IS NOT NULL
    AND month_end(month_first_day(counted.month)) <= today.on_day
    AND month_first_day(counted.month)
      >= add_months(month_start(add_days(today.on_day, 1)), -today.absence_window_months)
  GROUP BY counted.child_id
) AS absence ON absence.child_id = child.child_id
LEFT JOIN (
  SELECT
    young.child_id,
    0 AS no_absence
  FROM known_child AS young
  CROSS JOIN fact_day AS today
  WHERE age_on(young.birth_date, today.on_day) < today.compulsory_age_from_years
) AS pre_school ON pre_school.child_id = child.child_id
LEFT JOIN (
  SELECT
    noted.child_id,
    noted.flagged,
    noted.known_on,
    term.last_on,
    COALESCE(days_between(term.last_on, today.on_day) <= today.ledger_answer_stale_days, FALSE) AS is_current,
    noted.record,
    ROW_NUMBER() OVER (PARTITION BY noted.child_id ORDER BY noted.term DESC, noted.record DESC) AS place
  FROM learning_support AS noted
  CROSS JOIN fact_day AS today
  LEFT JOIN term_span AS term ON term.period = noted.term
  WHERE noted.flagged IS NOT NULL
) AS study ON study.child_id = child.child_id AND study.place = 1
