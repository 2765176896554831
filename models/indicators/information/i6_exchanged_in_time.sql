/*
code = "I6"
title = { zh = "共享按时率", en = "Exchanges delivered in time" }
question = { zh = "四部门按时交换数据了吗？", en = "Did the four departments exchange their data in time?" }
counted = { zh = "应送日期前送达的", en = "sent by the due day" }
out_of = { zh = "当月到期的交换", en = "exchanges that fell due in the month" }
excluded = { zh = "尚未到期的交换；应送日期无法辨认的", en = "exchanges not yet due; those whose due day cannot be read" }
unknown = { zh = "日期无法辨认", en = "a day that cannot be read" }
clause = "五·1"
owner = { zh = "四部门", en = "the four departments" }
period = "month"
kind = "share"
unit = "share"
better = "higher"
disclosure = "work"
subject = "exchange"
needs = ["share_exchange"]
open_series = true
author = "守护 Shouhu"
reviewed_on = 2026-11-24

[series]
"" = { zh = "全部", en = "all" }
*/
WITH exchange AS (
  SELECT p.period, s.sender || '→' || s.receiver AS subject, f.zh || '→' || t.zh AS pair, s.record,
    CASE WHEN s.sent_on <= s.due_on THEN 'yes' WHEN unusable(s.invalid, 'sent_on') THEN 'unknown' ELSE 'no' END AS outcome,
    days_between(s.due_on, s.sent_on) AS days
  FROM period AS p
  JOIN period AS today ON today.kind = 'snapshot'
  JOIN share_exchange AS s ON s.month = p.period AND s.due_on <= today.snapshot_on
  JOIN code_list AS f ON f.vocabulary = 'department' AND f.code = s.sender
  JOIN code_list AS t ON t.vocabulary = 'department' AND t.code = s.receiver
)
SELECT '' AS series, period, CAST(NULL AS VARCHAR) AS area, subject, outcome, days, record FROM exchange
UNION ALL
SELECT pair AS series, period, CAST(NULL AS VARCHAR) AS area, subject, outcome, days, record FROM exchange
