/*
code = "F5"
title = { zh = "捐赠公示率", en = "Donations published" }
question = { zh = "收到的捐赠按时公示了吗？", en = "Were donations published in time?" }
counted = { zh = "期限内公示的", en = "published within the limit" }
out_of = { zh = "期内公示到期的捐赠", en = "donations whose publication fell due in the period" }
excluded = { zh = "公示尚未到期的捐赠；收到日期无法辨认的", en = "donations not yet due to be published; those received on a day that cannot be read" }
unknown = { zh = "日期无法辨认", en = "a day that cannot be read" }
clause = "六·2"
owner = { zh = "民政", en = "civil affairs" }
period = "quarter"
kind = "share"
unit = "share"
better = "higher"
disclosure = "work"
subject = "donation"
needs = ["donation"]
parameters = ["donation_published_days"]
partner = ["F6"]
author = "守护 Shouhu"
reviewed_on = 2026-11-24
*/
SELECT p.period, CAST(NULL AS VARCHAR) AS area, d.donation_no AS subject,
  CASE WHEN days_between(d.received_on, d.published_on) <= p.donation_published_days THEN 'yes'
       WHEN unusable(d.invalid, 'published_on') THEN 'unknown'
       ELSE 'no' END AS outcome,
  days_between(d.received_on, d.published_on) AS days, d.record
FROM period AS p
JOIN period AS today ON today.kind = 'snapshot'
JOIN donation AS d ON add_days(d.received_on, p.donation_published_days) BETWEEN p.starts_on AND p.ends_on AND add_days(d.received_on, p.donation_published_days) <= today.snapshot_on
WHERE p.kind = 'quarter'
