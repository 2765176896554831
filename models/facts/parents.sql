/*
zh = "父母、委托照护与联系"
en = "Parents, entrusted care and contact"
clause = "未保法22、23"
tables = ["parent_day", "parent_migration", "entrustment", "parent_contact"]

[[facts]]
name = "both_away"
kind = "flag"
zh = "父母双方外出"
en = "both parents away"
sentence_zh = "父母双方外出务工（自{date}）"
sentence_en = "both parents are away for work (since {date})"
risk = "higher"
window = "now"

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

[[facts]]
name = "entrustment_signed"
kind = "flag"
zh = "委托照护协议"
en = "entrustment agreement"
sentence_zh = "委托照护协议签订于{date}"
sentence_en = "the entrustment agreement was signed on {date}"
risk = "lower"
window = "now"

[[facts]]
name = "notified_school"
kind = "flag"
zh = "已书面告知学校"
en = "school notified in writing"
sentence_zh = "已书面告知学校"
sentence_en = "the school was notified in writing"
risk = "lower"
window = "now"

[[facts]]
name = "notified_village"
kind = "flag"
zh = "已书面告知村委会"
en = "village notified in writing"
sentence_zh = "已书面告知村委会"
sentence_en = "the village was notified in writing"
risk = "lower"
window = "now"

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
*/
-- Both away: as the base tables decide it.  A blank agreement date in a village row means that no agreement
-- is on record (the form has no other way to say so); an unreadable date is "not known".
SELECT
  child.child_id,
  parents.both_away,
  parents.since AS both_away__since,
  parents.row_record AS both_away__record,
  CASE
    WHEN parents.both_away AND parents.since <= day.on_day THEN months_between(parents.since, day.on_day)
    WHEN NOT parents.both_away THEN 0
  END AS months_both_away,
  parents.since AS months_both_away__since,
  parents.row_record AS months_both_away__record,
  CASE
    WHEN file.child_id IS NULL OR unusable(agreement.invalid, 'signed_on') THEN CAST(NULL AS BOOLEAN)
    ELSE COALESCE(agreement.signed_on <= day.on_day, FALSE)
  END AS entrustment_signed,
  agreement.signed_on AS entrustment_signed__since,
  COALESCE(agreement.record, file.row_record) AS entrustment_signed__record,
  agreement.notified_school,
  COALESCE(file.stated_on, agreement.known_on) AS notified_school__since,
  agreement.record AS notified_school__record,
  agreement.notified_village,
  COALESCE(file.stated_on, agreement.known_on) AS notified_village__since,
  agreement.record AS notified_village__record,
  CASE
    WHEN contact.last_contact_on <= day.on_day THEN days_between(contact.last_contact_on, day.on_day)
  END AS days_since_contact,
  contact.last_contact_on AS days_since_contact__since,
  contact.record AS days_since_contact__record
FROM known_child AS child
CROSS JOIN fact_day AS day
LEFT JOIN ledger_file AS file ON file.child_id = child.child_id
LEFT JOIN ledger_parents AS parents ON parents.child_id = child.child_id
LEFT JOIN entrustment AS agreement ON agreement.child_id = child.child_id
LEFT JOIN parent_contact AS contact ON contact.child_id = child.child_id
