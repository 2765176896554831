/*
code = "F6"
title = { zh = "专款专用率", en = "Donations used as designated" }
question = { zh = "捐款用在指定用途上了吗？", en = "Was donated money spent on its purpose?" }
counted = { zh = "用于指定用途的金额", en = "yuan spent on the designated purpose" }
out_of = { zh = "期内使用的捐赠金额", en = "yuan of donations spent in the period" }
excluded = { zh = "没有金额的使用记录；期外的使用", en = "uses without a sum; uses of other periods" }
unknown = { zh = "指定用途或实际用途未填、无法辨认", en = "purpose or use not recorded or unreadable" }
clause = "六·2"
owner = { zh = "民政", en = "civil affairs" }
period = "year"
kind = "share"
weight = "amount"
unit = "share"
better = "higher"
disclosure = "work"
subject = "donation_use"
needs = ["donation_use"]
partner = ["F5"]
author = "守护 Shouhu"
reviewed_on = 2026-11-24
*/
SELECT p.period, CAST(NULL AS VARCHAR) AS area,
  u.donation_no || '@' || CAST(u.used_on AS VARCHAR) || '@' || COALESCE(u.item, '') AS subject,
  CASE WHEN d.designated_item IS NULL OR u.item IS NULL THEN 'unknown'
       WHEN u.item = d.designated_item THEN 'yes'
       ELSE 'no' END AS outcome,
  u.amount, u.record
FROM period AS p
JOIN donation_use AS u ON u.used_on BETWEEN p.starts_on AND p.snapshot_on
LEFT JOIN donation AS d ON d.donation_no = u.donation_no
WHERE p.kind = 'year' AND u.amount IS NOT NULL
