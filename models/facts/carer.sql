/*
zh = "照护人"
en = "The carer"
clause = "未保法22；国发2016-13"
tables = ["known_child", "relation", "verification", "data_change", "child"]

[[facts]]
name = "carer_record"
kind = "code"
vocabulary = "carer_record"
zh = "照护人不良记录"
en = "the carer’s record"
sentence_zh = "照护人不良记录：{value}（记录日期{date}）"
sentence_en = "carer’s record: {value} (recorded {date})"
risk = "codes"
risky = ["drinking", "gambling", "violence", "drugs"]
window = "now"
stale_after_days = "ledger_answer_stale_days"

[[facts]]
name = "carer_capacity"
kind = "code"
vocabulary = "capacity"
zh = "照护人照护能力"
en = "the carer’s capacity"
sentence_zh = "照护人照护能力：{value}（记录日期{date}）"
sentence_en = "carer’s capacity: {value} (recorded {date})"
risk = "codes"
risky = ["no"]
window = "now"
stale_after_days = "ledger_answer_stale_days"

[[facts]]
name = "carer_age"
kind = "number"
unit = "years"
zh = "照护人年龄"
en = "the carer’s age"
sentence_zh = "照护人{number}岁"
sentence_en = "the carer is {number} years old"
risk = "none"
window = "now"

[[facts]]
name = "duty_not_performed_months"
kind = "number"
unit = "months"
zh = "监护职责未履行月数"
en = "months without performance of the guardianship duty"
sentence_zh = "自{date}起未履行监护职责，已满{number}个月"
sentence_en = "the guardianship duty has not been performed since {date}, {number} full months"
risk = "higher"
window = "now"
stale_after_days = "ledger_answer_stale_days"

[[facts]]
name = "carer_changed"
kind = "flag"
zh = "照护人在观察期内更换"
en = "the carer changed within the window"
sentence_zh = "照护人于{date}更换"
sentence_en = "the carer changed on {date}"
risk = "higher"
window = "guardianship_change_months"
[[facts]]
name = "unfit_carer"
kind = "flag"
zh = "照护人不适合照护"
en = "the carer is unfit"
sentence_zh = "照护人没有照护能力或有不良记录（记录日期{date}）"
sentence_en = "the carer has no capacity or has a record (recorded {date})"
risk = "higher"
asks = ["carer_capacity", "carer_record"]
window = "now"
stale_after_days = "ledger_answer_stale_days"
*/
SELECT
  child.child_id,
  carer.conduct AS carer_record,
  carer.stated_on AS carer_record__since,
  carer.row_record AS carer_record__record,
  carer.capacity AS carer_capacity,
  carer.stated_on AS carer_capacity__since,
  carer.row_record AS carer_capacity__record,
  age_on(carer.adult_birth_date, day.on_day) AS carer_age,
  carer.adult_birth_date AS carer_age__since,
  carer.row_record AS carer_age__record,
  CASE
    WHEN carer.duty = 'not_performed' AND carer.duty_failed_since > day.on_day THEN 0
    WHEN carer.duty = 'not_performed' THEN months_between(carer.duty_failed_since, day.on_day)
    WHEN carer.duty = 'performed' AND NOT carer.is_stale THEN 0
  END AS duty_not_performed_months,
  carer.duty_failed_since AS duty_not_performed_months__since,
  carer.row_record AS duty_not_performed_months__record,
  CASE
    WHEN moved.child_id IS NOT NULL THEN TRUE
    WHEN file.child_id IS NOT NULL THEN FALSE
  END AS carer_changed,
  moved.changed_on AS carer_changed__since,
  moved.record AS carer_changed__record,
  carer.capacity = 'no' OR carer.conduct <> 'none' AS unfit_carer,
  carer.stated_on AS unfit_carer__since,
  carer.row_record AS unfit_carer__record
FROM known_child AS child
CROSS JOIN fact_day AS day
LEFT JOIN ledger_file AS file ON file.child_id = child.child_id
LEFT JOIN (
  SELECT
    adult.child_id,
    adult.adult_birth_date,
    adult.duty,
    adult.duty_failed_since,
    row_file.stated_on,
    row_file.row_record,
    row_file.is_stale,
    CASE WHEN adult.conduct <> 'none' OR NOT row_file.is_stale THEN adult.conduct END AS conduct,
    CASE
      WHEN adult.capacity = 'no' OR adult.capacity = 'yes' AND NOT row_file.is_stale THEN adult.capacity
    END AS capacity
  FROM ledger_carer AS adult
  JOIN ledger_file AS row_file ON row_file.child_id = adult.child_id AND NOT row_file.is_ended
) AS carer ON carer.child_id = child.child_id
LEFT JOIN (
  SELECT
    change.child_id,
    MAX(change.changed_on) AS changed_on,
    MAX(change.record) AS record
  FROM data_change AS change
  CROSS JOIN fact_day AS today
  WHERE change.item = 'carer'
    AND change.changed_on <= today.on_day
    AND months_between(change.changed_on, today.on_day) < today.guardianship_change_months
  GROUP BY change.child_id
) AS moved ON moved.child_id = child.child_id
