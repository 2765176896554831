/*
zh = "父母、委托照护与联系"
en = "Parents, entrusted care and contact"
clause = "未保法22、23"
tables = ["parent_day", "parent_fact", "parent_migration", "entrustment", "parent_contact", "phone_check", "verification"]

[[facts]]
name = "both_away"
kind = "flag"
zh = "父母双方外出"
en = "both parents away"
sentence_zh = "父母双方外出务工（自{date}）"
sentence_en = "both parents are away for work (since {date})"
risk = "higher"
window = "now"
stale_after_days = "ledger_answer_stale_days"

[[facts]]
name = "months_both_away"
kind = "number"
unit = "months"
zh = "父母双方外出月数"
en = "months with both parents away"
sentence_zh = "父母双方外出已{number}个月（自{date}）"
sentence_en = "both parents have been away for {number} months (since {date})"
risk = "higher"
window = "now"
stale_after_days = "ledger_answer_stale_days"

[[facts]]
name = "months_parent_away"
kind = "number"
unit = "months"
zh = "父母至少一方外出月数"
en = "months since a parent left"
sentence_zh = "父母至少一方外出，最早自{date}起，已{number}个月"
sentence_en = "a parent has been away for {number} months (the first left on {date})"
risk = "higher"
window = "now"
stale_after_days = "ledger_answer_stale_days"

[[facts]]
name = "parent_unreachable"
kind = "flag"
zh = "父母失联"
en = "a parent cannot be reached"
sentence_zh = "父母一方失联或电话打不通（{date}）"
sentence_en = "a parent’s whereabouts are unknown, or the telephone does not get through ({date})"
risk = "higher"
window = "now"
stale_after_days = "ledger_answer_stale_days"

[[facts]]
name = "entrustment_signed"
kind = "flag"
zh = "委托照护协议"
en = "entrustment agreement"
sentence_zh = "委托照护协议签订于{date}"
sentence_en = "the entrustment agreement was signed on {date}"
risk = "lower"
window = "now"
stale_after_days = "ledger_answer_stale_days"

[[facts]]
name = "notified_school"
kind = "flag"
zh = "已书面告知学校"
en = "school notified in writing"
sentence_zh = "已书面告知学校"
sentence_en = "the school was notified in writing"
risk = "lower"
window = "now"
stale_after_days = "ledger_answer_stale_days"

[[facts]]
name = "notified_village"
kind = "flag"
zh = "已书面告知村委会"
en = "village notified in writing"
sentence_zh = "已书面告知村委会"
sentence_en = "the village was notified in writing"
risk = "lower"
window = "now"
stale_after_days = "ledger_answer_stale_days"

[[facts]]
name = "days_since_contact"
kind = "number"
unit = "days"
zh = "距最近亲子联系天数"
en = "days since the last contact with a parent"
sentence_zh = "最近一次亲子联系在{date}，已{number}天"
sentence_en = "the last contact with a parent was on {date}, {number} days ago"
risk = "higher"
window = "now"
never_stale_zh = "天数随日期增长"
never_stale_en = "the count grows with the days"

[[facts]]
name = "weeks_since_contact"
kind = "number"
unit = "weeks"
zh = "距最近亲子联系周数"
en = "full weeks since the last contact with a parent"
sentence_zh = "最近一次亲子联系在{date}，已满{number}周"
sentence_en = "the last contact with a parent was on {date}, {number} full weeks ago"
risk = "higher"
asks = ["days_since_contact"]
window = "now"
never_stale_zh = "周数随日期增长"
never_stale_en = "the count grows with the weeks"
*/
-- Both away: as the base tables decide it.  A blank agreement date in a village row means that no agreement
-- is on record (the form has no other way to say so); an unreadable date is "not known".  A reassuring answer of the
-- ledger expires: a parent at home, a signed agreement (its end is nowhere recorded), a notice.
SELECT
  child.child_id,
  CASE WHEN parents.both_away OR parents.is_current THEN parents.both_away END AS both_away,
  parents.both_since AS both_away__since,
  file.row_record AS both_away__record,
  CASE
    WHEN parents.both_away AND parents.both_since <= day.on_day THEN months_between(parents.both_since, day.on_day)
    WHEN NOT parents.both_away AND parents.is_current THEN 0
  END AS months_both_away,
  parents.both_since AS months_both_away__since,
  file.row_record AS months_both_away__record,
  CASE
    WHEN parents.father_state <> 'away' AND parents.mother_state <> 'away'
      AND parents.father_state <> 'unknown' AND parents.mother_state <> 'unknown'
      THEN CASE WHEN parents.is_current THEN 0 END
    WHEN parents.first_since <= day.on_day THEN months_between(parents.first_since, day.on_day)
  END AS months_parent_away,
  parents.first_since AS months_parent_away__since,
  file.row_record AS months_parent_away__record,
  CASE
    WHEN lost.is_missing THEN TRUE
    WHEN phone.is_silent AND NOT COALESCE(contact.last_contact_on BETWEEN phone.checked_on AND day.on_day, FALSE)
      THEN TRUE
    WHEN phone.is_recent AND NOT phone.is_silent THEN FALSE
    WHEN lost.n_known = 2 AND NOT file.is_away_stale THEN FALSE
  END AS parent_unreachable,
  CASE WHEN lost.is_missing THEN file.stated_on ELSE COALESCE(phone.checked_on, file.stated_on) END
    AS parent_unreachable__since,
  CASE WHEN lost.is_missing THEN file.row_record ELSE COALESCE(phone.record, file.row_record) END
    AS parent_unreachable__record,
  CASE
    WHEN file.child_id IS NULL OR unusable(agreement.invalid, 'signed_on') THEN CAST(NULL AS BOOLEAN)
    WHEN agreement.signed_on <= day.on_day THEN CASE WHEN NOT file.is_stale THEN TRUE END
    ELSE FALSE
  END AS entrustment_signed,
  agreement.signed_on AS entrustment_signed__since,
  COALESCE(agreement.record, file.row_record) AS entrustment_signed__record,
  CASE WHEN NOT agreement.notified_school OR NOT COALESCE(file.is_stale, FALSE) THEN agreement.notified_school END
    AS notified_school,
  COALESCE(file.stated_on, agreement.known_on) AS notified_school__since,
  agreement.record AS notified_school__record,
  CASE WHEN NOT agreement.notified_village OR NOT COALESCE(file.is_stale, FALSE) THEN agreement.notified_village END
    AS notified_village,
  COALESCE(file.stated_on, agreement.known_on) AS notified_village__since,
  agreement.record AS notified_village__record,
  CASE
    WHEN contact.last_contact_on <= day.on_day THEN days_between(contact.last_contact_on, day.on_day)
  END AS days_since_contact,
  contact.last_contact_on AS days_since_contact__since,
  contact.record AS days_since_contact__record,
  CASE
    WHEN contact.last_contact_on <= day.on_day THEN full_weeks(contact.last_contact_on, day.on_day)
  END AS weeks_since_contact,
  contact.last_contact_on AS weeks_since_contact__since,
  contact.record AS weeks_since_contact__record
FROM known_child AS child
CROSS JOIN fact_day AS day
LEFT JOIN ledger_file AS file ON file.child_id = child.child_id
LEFT JOIN (
  SELECT
    pair.child_id,
    pair.both_away,
    pair.both_since,
    pair.father_state,
    pair.mother_state,
    pair.first_since,
    -- Who is dead, imprisoned or missing is not away for work, however old the row is.
    pair.is_one_gone OR NOT COALESCE(told.is_away_stale, FALSE) AS is_current
  FROM ledger_parents AS pair
  LEFT JOIN ledger_file AS told ON told.child_id = pair.child_id
) AS parents ON parents.child_id = child.child_id
LEFT JOIN (
  SELECT
    one.child_id,
    MAX(CASE WHEN one.status = 'missing' THEN 1 ELSE 0 END) = 1 AS is_missing,
    COUNT(one.status) AS n_known
  FROM parent_fact AS one
  GROUP BY one.child_id
) AS lost ON lost.child_id = child.child_id
LEFT JOIN (
  -- The last day on which somebody rang a parent; one that answered on that day is enough.
  SELECT
    rung.child_id,
    rung.checked_on,
    MAX(CASE WHEN rung.reachable THEN 1 ELSE 0 END) = 0 AS is_silent,
    days_between(rung.checked_on, today.on_day) <= today.ledger_answer_stale_days AS is_recent,
    MIN(rung.record) AS record,
    ROW_NUMBER() OVER (PARTITION BY rung.child_id ORDER BY rung.checked_on DESC) AS place
  FROM phone_check AS rung
  CROSS JOIN fact_day AS today
  WHERE rung.whose = 'parent' AND rung.checked_on <= today.on_day AND rung.reachable IS NOT NULL
  GROUP BY rung.child_id, rung.checked_on, today.on_day, today.ledger_answer_stale_days
) AS phone ON phone.child_id = child.child_id AND phone.place = 1
LEFT JOIN entrustment AS agreement ON agreement.child_id = child.child_id
LEFT JOIN parent_contact AS contact ON contact.child_id = child.child_id
