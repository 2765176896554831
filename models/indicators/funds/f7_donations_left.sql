/*
code = "F7"
title = { zh = "捐赠结余率", en = "Donations left unspent" }
question = { zh = "捐款过了一年还剩多少没用？", en = "How much of the donations was still unspent when it should have been used?" }
counted = { zh = "收到后期限内没有用掉的金额", en = "yuan not spent within the limit after they were received" }
out_of = { zh = "使用期限在期内届满的捐赠金额", en = "yuan of donations whose time ran out in the period" }
excluded = { zh = "使用期限尚未届满的捐赠；没有金额的捐赠", en = "donations whose time has not run out; donations without a sum" }
unknown = { zh = "无", en = "none" }
clause = "六·2"
owner = { zh = "民政", en = "civil affairs" }
period = "year"
kind = "share"
weight = "amount"
unit = "share"
better = "lower"
disclosure = "work"
subject = "donation"
needs = ["donation"]
parameters = ["donation_spent_months"]
partner = ["F6"]
author = "守护 Shouhu"
reviewed_on = 2026-11-24
*/
WITH due AS (
  SELECT p.period, d.donation_no, d.amount, d.record, add_months(d.received_on, p.donation_spent_months) AS last_day
  FROM period AS p
  JOIN period AS today ON today.kind = 'snapshot'
  JOIN donation AS d ON add_months(d.received_on, p.donation_spent_months) BETWEEN p.starts_on AND p.ends_on
    AND add_months(d.received_on, p.donation_spent_months) < today.snapshot_on
  WHERE p.kind = 'year' AND d.amount IS NOT NULL
),
spent AS (
  -- More spent than was given (other money put to it) does not make up for another donation.
  SELECT d.period, d.donation_no, d.amount AS whole, MIN(d.record) AS record,
    LEAST(d.amount, COALESCE(SUM(u.amount), 0)) AS used
  FROM due AS d
  LEFT JOIN donation_use AS u ON u.donation_no = d.donation_no AND u.used_on <= d.last_day
  GROUP BY d.period, d.donation_no, d.amount
)
SELECT period, CAST(NULL AS VARCHAR) AS area, donation_no AS subject, 'yes' AS outcome, whole - used AS amount, record
FROM spent WHERE whole > used
UNION ALL
SELECT period, CAST(NULL AS VARCHAR) AS area, donation_no AS subject, 'no' AS outcome, used AS amount, record
FROM spent WHERE used > 0
