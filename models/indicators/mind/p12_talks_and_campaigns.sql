/*
code = "P12"
title = { zh = "讲座团辅和联合宣传达标率", en = "Talks, group counselling and joint campaigns" }
question = { zh = "学校讲座和团辅够场次吗？村和学校一起宣传了吗？", en = "Were there enough talks and group sessions, and did village and school campaign together?" }
counted = { zh = "场次达到的学校；联合宣传场次达到的村校对子", en = "schools with enough sessions; pairs of village and school with enough joint campaigns" }
out_of = { zh = "全部学校；有在读留守儿童的村校对子", en = "all schools; pairs of a village and the school of one of its left-behind pupils" }
excluded = { zh = "其他类别的活动；没有在读留守儿童的村校组合", en = "activities of other kinds; pairs of a village and a school without a left-behind pupil between them" }
unknown = { zh = "活动类别或联合单位未填、无法辨认，或没有上报活动", en = "kind or joint unit not recorded or unreadable, or no activity reported" }
clause = "五·4"
owner = { zh = "学校·村", en = "schools and villages" }
period = "term"
kind = "share"
unit = "share"
better = "higher"
disclosure = "work"
subject = "unit"
needs = ["activity", "org"]
parameters = ["joint_campaigns_per_term", "mind_sessions_per_term"]
partner = ["P1"]
author = "守护 Shouhu"
reviewed_on = 2026-11-24

[series]
"school" = { zh = "学校讲座和团辅", en = "talks and group counselling of schools" }
"pair" = { zh = "村校联合宣传", en = "joint campaigns of village and school" }
*/
WITH held AS (
  SELECT t.period, a.org_code, a.joint_org_code, a.kind, a.held_on, a.record
  FROM term_span AS t
  JOIN activity AS a ON a.held_on BETWEEN t.starts_on AND t.last_on
),
session AS (
  SELECT period, org_code, MIN(record) AS record,
    SUM(CASE WHEN kind IN ('mind_talk', 'group_counselling') THEN 1 ELSE 0 END) AS n_sure,
    SUM(CASE WHEN kind IN ('mind_talk', 'group_counselling') OR kind IS NULL THEN 1 ELSE 0 END) AS n_possible
  FROM held
  GROUP BY period, org_code
),
pair AS (
  SELECT p.period, p.joint_campaigns_per_term, q.village_code, q.org_code, MIN(q.record) AS record
  FROM period AS p
  JOIN pupil AS q ON q.on_day = p.snapshot_on
  WHERE p.kind = 'term' AND q.org_code IS NOT NULL AND q.village_code IS NOT NULL
  GROUP BY p.period, p.joint_campaigns_per_term, q.village_code, q.org_code
),
side AS (
  SELECT period, village_code, org_code, village_code AS reporter FROM pair
  UNION ALL
  SELECT period, village_code, org_code, org_code AS reporter FROM pair
),
campaign AS (
  -- Either of the two may have reported it, or both the same day; with the joint unit blank it may be any pair's.
  SELECT c.period, c.village_code, c.org_code, MIN(h.record) AS record,
    COUNT(DISTINCT CASE WHEN h.kind = 'mind_campaign' AND h.joint_org_code IN (c.village_code, c.org_code)
                          AND h.joint_org_code <> h.org_code THEN h.held_on END) AS n_sure,
    COUNT(DISTINCT CASE WHEN COALESCE(h.kind, 'mind_campaign') = 'mind_campaign'
                          AND COALESCE(h.joint_org_code, c.org_code) IN (c.village_code, c.org_code)
                          AND COALESCE(h.joint_org_code, '') <> h.org_code THEN h.held_on END) AS n_possible
  FROM side AS c
  JOIN held AS h ON h.period = c.period AND h.org_code = c.reporter
  GROUP BY c.period, c.village_code, c.org_code
)
SELECT 'school' AS series, p.period, s.org_code AS area, s.org_code AS subject,
  CASE WHEN h.n_sure >= p.mind_sessions_per_term THEN 'yes'
       WHEN h.org_code IS NULL OR h.n_possible >= p.mind_sessions_per_term THEN 'unknown'
       ELSE 'no' END AS outcome, COALESCE(h.record, s.record) AS record
FROM period AS p
CROSS JOIN org AS s
LEFT JOIN session AS h ON h.period = p.period AND h.org_code = s.org_code
WHERE p.kind = 'term'
UNION ALL
SELECT 'pair' AS series, c.period, c.village_code AS area, c.village_code || '@' || c.org_code AS subject,
  CASE WHEN h.n_sure >= c.joint_campaigns_per_term THEN 'yes'
       WHEN h.org_code IS NULL OR h.n_possible >= c.joint_campaigns_per_term THEN 'unknown'
       ELSE 'no' END AS outcome, COALESCE(h.record, c.record) AS record
FROM pair AS c
LEFT JOIN campaign AS h ON h.period = c.period AND h.village_code = c.village_code AND h.org_code = c.org_code
