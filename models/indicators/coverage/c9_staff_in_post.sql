/*
code = "C9"
title = { zh = "专人专岗配备率", en = "Posts filled" }
question = { zh = "每个村有儿童主任、每个乡镇有儿童督导员吗？", en = "Has each village a child director and each township a child supervisor?" }
counted = { zh = "有在岗人员的", en = "with somebody in the post" }
out_of = { zh = "全部村（社区）；全部乡镇（街道）", en = "all villages; all townships" }
excluded = { zh = "期末前已离任或期末后才到任的人员；其他岗位", en = "staff who had left before, or began after, the end of the period; other posts" }
unknown = { zh = "离任日期无法辨认", en = "a day of leaving that cannot be read" }
clause = "未保法43"
owner = { zh = "民政", en = "civil affairs" }
period = "quarter"
kind = "share"
unit = "share"
better = "higher"
disclosure = "work"
subject = "post"
needs = ["worker"]
author = "守护 Shouhu"
reviewed_on = 2026-11-24

[series]
"village" = { zh = "村（社区）儿童主任", en = "child directors of villages" }
"township" = { zh = "乡镇（街道）儿童督导员", en = "child supervisors of townships" }
*/
WITH post AS (
  SELECT p.period, w.org_code, w.post,
    MAX(CASE WHEN unusable(w.invalid, 'ended_on') THEN 1 ELSE 2 END) AS certainty, MIN(w.record) AS record
  FROM period AS p
  JOIN worker AS w ON w.started_on <= p.snapshot_on AND (w.ended_on IS NULL OR p.snapshot_on < w.ended_on)
  WHERE p.kind = 'quarter'
  GROUP BY p.period, w.org_code, w.post
)
SELECT a.level AS series, p.period, a.area_code AS area, a.area_code AS subject,
  CASE WHEN w.certainty = 2 THEN 'yes' WHEN w.certainty = 1 THEN 'unknown' ELSE 'no' END AS outcome,
  COALESCE(w.record, a.record) AS record
FROM period AS p
CROSS JOIN area AS a
LEFT JOIN post AS w ON w.period = p.period AND w.org_code = a.area_code
  AND w.post = CASE a.level WHEN 'village' THEN 'child_director' ELSE 'child_supervisor' END
WHERE p.kind = 'quarter' AND a.level IN ('village', 'township')
