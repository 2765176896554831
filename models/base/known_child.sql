/* Everybody who is mentioned anywhere, with the best word on each attribute: village, school, police, others.
   `MIN(rank || value)` takes the value of the best source that has one; where two rows of one source
   differ, the smaller value, so that two runs agree. */
WITH mention AS (
  SELECT child_id, CASE source WHEN 'village' THEN '1' WHEN 'school' THEN '2' WHEN 'police' THEN '3' ELSE '4' END AS rank,
    sex, birth_date, ethnicity, village_code, residence, record
  FROM child
  UNION ALL
  SELECT child_id,
    CASE WHEN source IN ('village_ledger', 'village_exits') THEN '1'
         WHEN source = 'school_roster' THEN '2'
         WHEN source = 'police_children' THEN '3' ELSE '4' END AS rank,
    sex, birth_date, CAST(NULL AS VARCHAR) AS ethnicity, village_code, CAST(NULL AS VARCHAR) AS residence, record
  FROM person
),
best AS (
  SELECT child_id,
    SUBSTRING(MIN(rank || sex), 2) AS sex,
    CAST(SUBSTRING(MIN(rank || CAST(birth_date AS VARCHAR)), 2) AS DATE) AS birth_date,
    SUBSTRING(MIN(rank || ethnicity), 2) AS ethnicity,
    SUBSTRING(MIN(rank || village_code), 2) AS village_code,
    SUBSTRING(MIN(rank || residence), 2) AS residence,
    SUBSTRING(MIN(rank || record), 2) AS record
  FROM mention
  GROUP BY child_id
),
list AS (
  SELECT child_id,
    MAX(CASE WHEN source = 'village' THEN 1 ELSE 0 END) AS village,
    MAX(CASE WHEN source = 'school' THEN 1 ELSE 0 END) AS school,
    MAX(CASE WHEN source = 'police' THEN 1 ELSE 0 END) AS police
  FROM enrolment_episode
  GROUP BY child_id
)
SELECT b.child_id, b.sex, b.birth_date, b.ethnicity, b.village_code, b.residence,
  COALESCE(l.village, 0) = 1 AS in_village,
  COALESCE(l.school, 0) = 1 AS in_school,
  COALESCE(l.police, 0) = 1 AS in_police,
  l.child_id IS NOT NULL AS listed, b.record
FROM best AS b
LEFT JOIN list AS l ON l.child_id = b.child_id
