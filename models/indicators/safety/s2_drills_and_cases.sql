/*
code = "S2"
title = { zh = "情景化占比", en = "Safety lessons by drill or case" }
question = { zh = "安全教育是演练和案例，还是只听讲？", en = "Were safety lessons drills and cases, or only talks?" }
counted = { zh = "实地演练或案例分析", en = "held as a drill or a case study" }
out_of = { zh = "期内（含之后的假期）开展的安全教育活动", en = "safety lessons held in the term or the holidays after it" }
excluded = { zh = "其他类别的活动；类别没有填写或无法辨认的活动", en = "activities of other kinds, or whose kind is not recorded or unreadable" }
unknown = { zh = "开展方式未填或无法辨认", en = "how it was held not recorded or unreadable" }
clause = "五·5"
owner = { zh = "学校·村", en = "schools and villages" }
period = "term"
kind = "share"
unit = "share"
better = "higher"
disclosure = "work"
subject = "session"
needs = ["activity"]
partner = ["S1"]
author = "守护 Shouhu"
reviewed_on = 2026-11-24
*/
SELECT t.period, a.org_code AS area, a.activity_no AS subject,
  CASE WHEN a.method IN ('drill', 'case') THEN 'yes' WHEN a.method IS NULL THEN 'unknown' ELSE 'no' END AS outcome,
  a.record
FROM term_span AS t
JOIN activity AS a ON a.held_on BETWEEN t.starts_on AND t.last_on
WHERE a.kind = 'safety_lesson'
