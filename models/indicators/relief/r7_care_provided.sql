/*
code = "R7"
title = { zh = "照料服务覆盖率", en = "Children in need of care who have it" }
question = { zh = "无人照料、照料困难的孩子有人帮吗？", en = "Does somebody help the children whom nobody or hardly anybody cares for?" }
counted = { zh = "正在接受服务的", en = "with active service" }
out_of = { zh = "查出无人照料或照料困难、需求仍在的儿童", en = "children found with nobody or poor care, whose need goes on" }
excluded = { zh = "其他类别的需求；服务已结束、需求随之结束的；同一儿童较早的发现", en = "needs of another kind; needs that ended with their service; earlier findings of the same child" }
unknown = { zh = "服务开始或结束日期无法辨认", en = "a day of start or end that cannot be read" }
clause = "五·2"
owner = { zh = "村", en = "village" }
period = "quarter"
kind = "share"
unit = "share"
better = "higher"
disclosure = "status"
subject = "child"
needs = ["living_care"]
author = "守护 Shouhu"
reviewed_on = 2026-11-24
*/
WITH need AS (
  SELECT p.period, p.snapshot_on, c.child_id, c.started_on, c.ended_on, c.invalid, c.record,
    ROW_NUMBER() OVER (PARTITION BY p.period, c.child_id ORDER BY c.found_on DESC, c.need) AS newest
  FROM period AS p
  JOIN living_care AS c ON c.found_on <= p.snapshot_on
  WHERE p.kind = 'quarter'
)
SELECT n.period, k.village_code AS area, n.child_id AS subject,
  CASE WHEN unusable(n.invalid, 'ended_on') THEN 'unknown'
       WHEN n.started_on <= n.snapshot_on THEN 'yes'
       WHEN unusable(n.invalid, 'started_on') THEN 'unknown'
       ELSE 'no' END AS outcome, n.record
FROM need AS n
JOIN known_child AS k ON k.child_id = n.child_id
-- A service that has ended has ended the need.
WHERE n.newest = 1 AND (n.ended_on IS NULL OR n.snapshot_on < n.ended_on)
