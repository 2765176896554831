/*
zh = "住房与家庭"
en = "Dwelling and household"
clause = "五·2"
tables = ["known_child", "dwelling_check", "family", "household"]

[[facts]]
name = "open_dwelling_grade"
kind = "code"
vocabulary = "dwelling_grade"
none_zh = "无未处置的危房"
none_en = "no unsafe dwelling left"
zh = "未处置的危房等级"
en = "grade of an unsafe dwelling not dealt with"
sentence_zh = "{date}排查住房为{value}级，尚未处置完成"
sentence_en = "the dwelling was graded on {date}: {value}, and this has not been dealt with"
risk = "codes"
risky = ["C", "D"]
window = "now"
copied_zh = "同住一处房屋，排查结论对屋内每个儿童都成立"
copied_en = "one house: what the check found holds for every child who lives in it"
stale_after_days = "dwelling_check_stale_days"

[[facts]]
name = "income_band"
kind = "code"
vocabulary = "income_band"
zh = "家庭收入状况"
en = "household income"
sentence_zh = "家庭收入状况：{value}"
sentence_en = "household income: {value}"
risk = "none"
window = "now"
stale_after_days = "ledger_answer_stale_days"
not_in_cards_zh = "收入与救助情况只用于救助，不作计分项"
not_in_cards_en = "income and relief serve relief, not the score"

[[facts]]
name = "relief_status"
kind = "code"
vocabulary = "relief_status"
zh = "救助类别"
en = "relief enrolment"
sentence_zh = "救助类别：{value}（记录日期{date}）"
sentence_en = "relief enrolment: {value} (recorded {date})"
risk = "none"
window = "now"
stale_after_days = "ledger_answer_stale_days"
not_in_cards_zh = "领取救助不作计分项"
not_in_cards_en = "receiving relief is not scored"

[[facts]]
name = "children_in_household"
kind = "number"
unit = "count"
zh = "同户留守儿童人数"
en = "children in the household"
sentence_zh = "同户留守儿童{number}人"
sentence_en = "{number} children in the household"
risk = "none"
window = "now"
never_stale_zh = "每次按各户名册重新计数"
never_stale_en = "it is counted anew from the household’s rows"
*/
-- Only the last check counts; that it found nothing, or that the work was done, expires.  An unreadable day of completion leaves the grade "not known".
SELECT
  child.child_id,
  CASE
    WHEN dwelling.grade NOT IN ('C', 'D')
      THEN CASE WHEN days_between(dwelling.checked_on, day.on_day) <= day.dwelling_check_stale_days THEN 'none' END
    WHEN dwelling.completed_on <= day.on_day
      THEN CASE
        WHEN days_between(GREATEST(dwelling.checked_on, dwelling.completed_on), day.on_day)
          <= day.dwelling_check_stale_days THEN 'none'
      END
    WHEN unusable(dwelling.invalid, 'completed_on') THEN CAST(NULL AS VARCHAR)
    ELSE dwelling.grade
  END AS open_dwelling_grade,
  dwelling.checked_on AS open_dwelling_grade__since,
  dwelling.record AS open_dwelling_grade__record,
  CASE WHEN NOT COALESCE(file.is_stale, FALSE) THEN home.income_band END AS income_band,
  COALESCE(file.stated_on, home.known_on) AS income_band__since,
  home.record AS income_band__record,
  CASE WHEN NOT COALESCE(file.is_stale, FALSE) THEN home.relief_status END AS relief_status,
  COALESCE(file.stated_on, home.known_on) AS relief_status__since,
  home.record AS relief_status__record,
  shared.n_children AS children_in_household,
  home.known_on AS children_in_household__since,
  home.record AS children_in_household__record
FROM known_child AS child
CROSS JOIN fact_day AS day
LEFT JOIN ledger_file AS file ON file.child_id = child.child_id
LEFT JOIN (
  -- One house, one check: it counts for every child of the household, not only for the one that the check names.
  SELECT
    house.child_id,
    house.grade,
    house.completed_on,
    house.checked_on,
    house.invalid,
    house.record,
    ROW_NUMBER() OVER (
      PARTITION BY house.child_id ORDER BY house.checked_on DESC, house.grade DESC, house.record DESC
    ) AS place
  FROM (
    SELECT own.child_id, own.grade, own.completed_on, own.checked_on, own.invalid, own.record
    FROM dwelling_check AS own
    JOIN family AS known ON known.child_id = own.child_id
    UNION ALL
    SELECT housed.child_id, checked.grade, checked.completed_on, checked.checked_on, checked.invalid, checked.record
    FROM dwelling_check AS checked
    JOIN family AS named ON named.child_id = checked.child_id
    JOIN family AS housed ON housed.household_ref = COALESCE(checked.carer_ref, named.household_ref)
  ) AS house
  CROSS JOIN fact_day AS today
  WHERE house.checked_on <= today.on_day
) AS dwelling ON dwelling.child_id = child.child_id AND dwelling.place = 1
LEFT JOIN household AS home ON home.child_id = child.child_id
LEFT JOIN (
  SELECT
    member.village_code,
    member.household_no,
    COUNT(*) AS n_children
  FROM household AS member
  WHERE member.household_no IS NOT NULL
  GROUP BY member.village_code, member.household_no
) AS shared ON shared.village_code = home.village_code AND shared.household_no = home.household_no
