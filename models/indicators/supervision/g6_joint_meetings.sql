/*
code = "G6"
title = { zh = "联席会议召开率", en = "Joint meetings held" }
question = { zh = "该开的联席会议开了吗？", en = "Were the planned joint meetings held?" }
counted = { zh = "年内已召开的", en = "held within the year" }
out_of = { zh = "计划日期已到的会议", en = "meetings whose planned day has come" }
excluded = { zh = "计划日期未到的会议；场次一项中没有召开日期的", en = "meetings whose planned day has not come; in the number held, those without a day on which they were held" }
unknown = { zh = "召开日期无法辨认", en = "a day that cannot be read" }
clause = "四·1"
owner = { zh = "民政", en = "civil affairs" }
period = "year"
kind = "share"
unit = "share"
better = "higher"
disclosure = "work"
subject = "meeting"
needs = ["meeting"]
partner = ["I6"]
author = "守护 Shouhu"
reviewed_on = 2026-11-24

[series]
"" = { zh = "召开率", en = "held of those planned" }
"held" = { zh = "召开次数", en = "meetings held", kind = "count" }
*/
WITH planned AS (
  SELECT p.period, m.meeting_no, m.record,
    CASE WHEN m.held_on <= p.snapshot_on THEN 'yes' WHEN unusable(m.invalid, 'held_on') THEN 'unknown' ELSE 'no' END AS outcome
  FROM period AS p
  JOIN meeting AS m ON m.planned_on BETWEEN p.starts_on AND p.snapshot_on
  WHERE p.kind = 'year'
)
SELECT '' AS series, period, CAST(NULL AS VARCHAR) AS area, meeting_no AS subject, outcome, record FROM planned
UNION ALL
SELECT 'held' AS series, p.period, CAST(NULL AS VARCHAR) AS area, m.meeting_no AS subject, 'yes' AS outcome, m.record
FROM period AS p
JOIN meeting AS m ON m.held_on BETWEEN p.starts_on AND p.snapshot_on
WHERE p.kind = 'year'
