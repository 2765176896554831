/*
code = "R8"
title = { zh = "照料空窗天数", en = "Days without care" }
question = { zh = "从发现无人照料到有人来帮，要等多少天？", en = "How long does a child in need of care wait until somebody helps?" }
counted = { zh = "从发现到服务开始的天数（中位与最长，未开始的计为删失）", en = "days from finding to the start of service (median and longest; not started counts as still waiting)" }
out_of = { zh = "期内曾在等待照料的儿童", en = "needs for care that were waiting in the period" }
excluded = { zh = "期初以前已开始服务的；期末以后才发现的", en = "needs whose service had begun before the period; needs found after it" }
unknown = { zh = "服务开始日期无法辨认", en = "a day of start that cannot be read" }
clause = "五·2"
owner = { zh = "村", en = "village" }
period = "quarter"
kind = "duration"
unit = "days"
better = "lower"
disclosure = "status"
subject = "need"
needs = ["living_care"]
partner = ["R7"]
author = "守护 Shouhu"
reviewed_on = 2026-11-24

[series]
"median" = { zh = "等待天数（中位）", en = "days waited (median)" }
"longest" = { zh = "最长等待天数", en = "longest wait in days", kind = "longest" }
*/
WITH seen AS (
  SELECT p.period, k.village_code AS area, c.child_id || '@' || CAST(c.found_on AS VARCHAR) AS subject, c.record,
    CASE WHEN unusable(c.invalid, 'started_on') THEN 'unknown'
         WHEN c.started_on <= p.snapshot_on THEN 'yes' ELSE 'no' END AS outcome,
    CASE WHEN NOT unusable(c.invalid, 'started_on')
         THEN days_between(c.found_on, LEAST(COALESCE(c.started_on, p.snapshot_on), p.snapshot_on)) END AS days
  FROM period AS p
  JOIN living_care AS c ON c.found_on <= p.snapshot_on AND (c.started_on IS NULL OR c.started_on >= p.starts_on)
  JOIN known_child AS k ON k.child_id = c.child_id
  WHERE p.kind = 'quarter'
)
SELECT 'median' AS series, period, area, subject, outcome, days, record FROM seen
UNION ALL
SELECT 'longest' AS series, period, area, subject, outcome, days, record FROM seen
