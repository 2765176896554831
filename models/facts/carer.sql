/*
zh = "照护人"
en = "The carer"
clause = "未保法22；国发2016-13"
tables = ["known_child", "relation", "verification", "data_change", "child", "living_arrangement", "parent_day"]

[[facts]]
name = "carer_relation"
kind = "code"
vocabulary = "relation_to_child"
zh = "照护人与儿童关系"
en = "the carer’s relation to the child"
sentence_zh = "照护人是孩子的{value}（记录日期{date}）"
sentence_en = "the carer is the child’s {value} (recorded {date})"
risk = "none"
window = "now"
stale_after_days = "ledger_answer_stale_days"

[[facts]]
name = "carer_absent"
kind = "flag"
zh = "照护人不在孩子身边"
en = "the carer is not with the child"
sentence_zh = "照护人不在孩子身边：照护人是外出的父母，或孩子独自居住（自{date}）"
sentence_en = "the carer is not with the child: a parent who is away, or the child lives alone (since {date})"
risk = "higher"
window = "now"
stale_after_days = "ledger_answer_stale_days"

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
never_stale_zh = "由照护人出生日期算出"
never_stale_en = "it follows from the carer’s birth date"

[[facts]]
name = "carer_duty"
kind = "code"
vocabulary = "duty"
zh = "履职情况"
en = "performance of the duty"
sentence_zh = "履职情况：{value}（记录日期{date}）"
sentence_en = "performance of the duty: {value} (recorded {date})"
risk = "codes"
risky = ["not_performed"]
window = "now"
stale_after_days = "ledger_answer_stale_days"

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
-- A carer is absent where the ledger names a parent who is away or gone on the day, or where the child lives alone;
-- with the child where the ledger says that they live together.
SELECT
  child.child_id,
  CASE WHEN NOT carer.is_stale THEN carer.relation_to_child END AS carer_relation,
  carer.stated_on AS carer_relation__since,
  carer.row_record AS carer_relation__record,
  CASE
    WHEN carer.relation_to_child = 'father' AND parents.father_state IN ('away', 'gone') THEN TRUE
    WHEN carer.relation_to_child = 'mother' AND parents.mother_state IN ('away', 'gone') THEN TRUE
    WHEN file.is_ended THEN CAST(NULL AS BOOLEAN)
    WHEN live.living = 'alone' THEN TRUE
    WHEN live.living = 'with_carer' AND NOT COALESCE(file.is_stale, FALSE) THEN FALSE
  END AS carer_absent,
  CASE
    WHEN carer.relation_to_child = 'father' AND parents.father_state = 'away' THEN parents.father_since
    WHEN carer.relation_to_child = 'mother' AND parents.mother_state = 'away' THEN parents.mother_since
    ELSE file.stated_on
  END AS carer_absent__since,
  COALESCE(live.record, carer.row_record) AS carer_absent__record,
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
    WHEN carer.duty = 'not_performed' AND (carer.duty_failed_since IS NULL OR carer.duty_failed_since <= day.on_day)
      THEN 'not_performed'
    WHEN carer.duty = 'performed' AND NOT carer.is_stale THEN 'performed'
  END AS carer_duty,
  COALESCE(carer.duty_failed_since, carer.stated_on) AS carer_duty__since,
  carer.row_record AS carer_duty__record,
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
LEFT JOIN living_arrangement AS live ON live.child_id = child.child_id
LEFT JOIN ledger_parents AS parents ON parents.child_id = child.child_id
LEFT JOIN (
  SELECT
    adult.child_id,
    adult.relation_to_child,
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
    record_of_last(change.record, change.changed_on) AS record
  FROM data_change AS change
  CROSS JOIN fact_day AS today
  WHERE change.item = 'carer'
    AND change.changed_on <= today.on_day
    AND months_between(change.changed_on, today.on_day) < today.guardianship_change_months
  GROUP BY change.child_id
) AS moved ON moved.child_id = child.child_id
