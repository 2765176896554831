/*
code = "R5"
title = { zh = "按月足额发放率", en = "Benefits paid in full within the month" }
question = { zh = "救助金每月都按时足额发到了吗？", en = "Did each month's relief arrive in full by the month's end?" }
counted = { zh = "月底前足额发放的", en = "paid in full by the end of the month" }
out_of = { zh = "当月应发的救助（户×项目×月）", en = "benefit-months due: household by scheme by month" }
excluded = { zh = "尚未结束的月份；没有应发记录的家庭和项目", en = "months that have not ended; households and schemes with nothing due on record" }
unknown = { zh = "发放日期或金额无法辨认，或只填了一项", en = "a day or sum that cannot be read, or only one of the two recorded" }
clause = "五·2"
owner = { zh = "民政", en = "civil affairs" }
period = "month"
kind = "share"
unit = "share"
better = "higher"
disclosure = "work"
subject = "benefit_month"
needs = ["relief_payment"]
partner = ["R1"]
author = "守护 Shouhu"
reviewed_on = 2026-11-24
*/
WITH part AS (
  SELECT p.period, p.ends_on, r.scheme, COALESCE(r.carer_ref, f.household_ref) AS household_ref, f.village_code,
    r.due_amount, r.paid_amount, r.paid_on, r.record,
    CASE WHEN r.paid_on > p.ends_on THEN 'no'
         WHEN unusable(r.invalid, 'paid_on') OR unusable(r.invalid, 'paid_amount') OR r.due_amount IS NULL THEN 'unknown'
         -- A month that has ended with neither day nor sum on record has not been paid.
         WHEN r.paid_on IS NULL AND r.paid_amount IS NULL THEN 'no'
         WHEN r.paid_amount < r.due_amount THEN 'no'
         WHEN r.paid_on IS NULL OR r.paid_amount IS NULL THEN 'unknown'
         ELSE 'yes' END AS outcome
  FROM period AS p
  JOIN relief_payment AS r ON r.month = p.period
  JOIN family AS f ON f.child_id = r.child_id
  WHERE p.ends_on = p.snapshot_on
)
SELECT period, MIN(village_code) AS area, household_ref || '@' || scheme AS subject,
  CASE WHEN MAX(CASE WHEN outcome = 'no' THEN 1 ELSE 0 END) = 1 THEN 'no'
       WHEN MAX(CASE WHEN outcome = 'unknown' THEN 1 ELSE 0 END) = 1 THEN 'unknown'
       ELSE 'yes' END AS outcome,
  SUM(due_amount) AS amount, MIN(record) AS record
FROM part
GROUP BY period, household_ref, scheme
