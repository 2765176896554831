/* What is known about each parent: status by the village, else the school, else the police; the village's
   dates of leaving and returning; guardianship capacity, which only the village assesses. */
WITH parent AS (
  SELECT r.parent FROM (VALUES ('father'), ('mother')) AS r(parent)
),
by_list AS (
  SELECT child_id, role,
    MAX(CASE WHEN source = 'village' THEN status END) AS village_status,
    MAX(CASE WHEN source = 'school' THEN status END) AS school_status,
    MAX(CASE WHEN source = 'village' THEN capacity END) AS capacity,
    MAX(CASE WHEN source = 'village' THEN record END) AS record
  FROM relation
  WHERE role IN ('father', 'mother')
  GROUP BY child_id, role
),
police AS (
  SELECT child_id, MAX(parents_summary) AS summary FROM child WHERE source = 'police' GROUP BY child_id
)
SELECT k.child_id, p.parent,
  COALESCE(l.village_status, l.school_status,
    CASE WHEN o.summary = 'both_away' THEN 'away'
         WHEN o.summary = 'none_away' THEN 'home'
         WHEN o.summary = 'father_away' AND p.parent = 'father' THEN 'away'
         WHEN o.summary = 'mother_away' AND p.parent = 'mother' THEN 'away'
         WHEN o.summary IN ('father_away', 'mother_away') THEN 'home' END) AS status,
  CASE WHEN l.village_status IS NOT NULL THEN 'village'
       WHEN l.school_status IS NOT NULL THEN 'school'
       WHEN o.summary IS NOT NULL THEN 'police' END AS status_source,
  l.capacity, m.since, COALESCE(m.since_month_only, FALSE) AS since_month_only, m.until, l.record
FROM known_child AS k
CROSS JOIN parent AS p
LEFT JOIN by_list AS l ON l.child_id = k.child_id AND l.role = p.parent
LEFT JOIN police AS o ON o.child_id = k.child_id
LEFT JOIN parent_migration AS m ON m.child_id = k.child_id AND m.parent = p.parent
