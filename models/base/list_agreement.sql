/* Whether two lists say the same of one child, field by field: the village's, the school's, the police's and that of
   civil affairs.  One row for each child that stands on both lists; unknown where one of them leaves the field blank.
   Two rows of one list that differ give the smaller value, so that two runs agree. */
WITH stated AS (
  SELECT child_id, source AS list, 'sex' AS field, sex AS value FROM child WHERE source <> 'police'
  UNION ALL
  SELECT child_id, source AS list, 'birth_date' AS field, CAST(birth_date AS VARCHAR) AS value FROM child
  UNION ALL
  SELECT child_id, source AS list, 'village_code' AS field, village_code AS value FROM child
  UNION ALL
  SELECT child_id, 'civil_affairs' AS list, 'birth_date' AS field, CAST(birth_date AS VARCHAR) AS value
  FROM person WHERE source IN ('relief_applications', 'relief_payments', 'concerns')
  UNION ALL
  SELECT child_id, 'civil_affairs' AS list, 'village_code' AS field, village_code AS value
  FROM person WHERE source IN ('relief_applications', 'relief_payments', 'concerns')
  UNION ALL
  SELECT child_id, source AS list, role AS field, status AS value
  FROM relation WHERE role IN ('father', 'mother') AND source IN ('village', 'school')
  UNION ALL
  SELECT child_id, source AS list, 'schooling' AS field, status AS value FROM schooling
  UNION ALL
  SELECT child_id, source AS list, 'school' AS field, org_code AS value FROM schooling
  UNION ALL
  SELECT child_id, source AS list, 'grade' AS field, grade AS value FROM schooling
  UNION ALL
  SELECT child_id, source AS list, 'boarding' AS field, CAST(boarding AS VARCHAR) AS value FROM schooling
),
said AS (
  SELECT child_id, field, list, MIN(value) AS value,
    CASE list WHEN 'village' THEN 1 WHEN 'school' THEN 2 WHEN 'police' THEN 3 ELSE 4 END AS place
  FROM stated
  GROUP BY child_id, field, list
)
SELECT a.child_id, k.village_code, a.field, a.list AS one, b.list AS other,
  CASE WHEN a.value IS NULL OR b.value IS NULL THEN 'unknown' WHEN a.value = b.value THEN 'yes' ELSE 'no' END AS outcome
FROM said AS a
JOIN said AS b ON b.child_id = a.child_id AND b.field = a.field AND a.place < b.place
LEFT JOIN known_child AS k ON k.child_id = a.child_id
