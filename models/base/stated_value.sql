/* What each department says of a child on its own, for the items that two of them can state: village, school,
   police, civil affairs.  `value` is empty where the cell was unreadable; blanks are left out.  A parent is away
   or not: the lists do not use the same words for the rest.  The police name both parents at once. */
WITH mention AS (
  SELECT child_id, sex, birth_date, village_code, record, invalid,
    CASE WHEN source IN ('village_ledger', 'village_exits') THEN 'village'
         WHEN source = 'school_roster' THEN 'school'
         WHEN source = 'police_children' THEN 'police'
         WHEN source IN ('relief_applications', 'relief_payments', 'living_care', 'concerns') THEN 'civil_affairs'
         END AS department
  FROM person
),
stated AS (
  SELECT child_id, department, 'birth_date' AS field, CAST(birth_date AS VARCHAR) AS value, unusable(invalid, 'birth_date') AS unreadable, record
  FROM mention
  UNION ALL
  SELECT child_id, department, 'sex' AS field, sex AS value, unusable(invalid, 'sex') AS unreadable, record FROM mention
  UNION ALL
  SELECT child_id, department, 'village' AS field, village_code AS value, unusable(invalid, 'village_code') AS unreadable, record FROM mention
  UNION ALL
  SELECT child_id, source AS department, role || '_away' AS field,
    CASE WHEN status = 'away' THEN 'away' WHEN status IS NOT NULL THEN 'not_away' END AS value,
    unusable(invalid, 'status') AS unreadable, record
  FROM relation
  WHERE role IN ('father', 'mother')
  UNION ALL
  SELECT child_id, source AS department, 'father_away' AS field,
    CASE WHEN parents_summary IN ('both_away', 'father_away') THEN 'away' WHEN parents_summary IS NOT NULL THEN 'not_away' END AS value,
    unusable(invalid, 'parents_summary') AS unreadable, record
  FROM child
  WHERE source = 'police'
  UNION ALL
  SELECT child_id, source AS department, 'mother_away' AS field,
    CASE WHEN parents_summary IN ('both_away', 'mother_away') THEN 'away' WHEN parents_summary IS NOT NULL THEN 'not_away' END AS value,
    unusable(invalid, 'parents_summary') AS unreadable, record
  FROM child
  WHERE source = 'police'
  UNION ALL
  SELECT child_id, source AS department, 'school' AS field, COALESCE(org_code, school_name) AS value, unusable(invalid, 'school_name') AS unreadable, record
  FROM schooling
  UNION ALL
  SELECT child_id, source AS department, 'grade' AS field, grade AS value, unusable(invalid, 'grade') AS unreadable, record
  FROM schooling
)
SELECT child_id, field, department, value, record
FROM stated
WHERE department IS NOT NULL AND (value IS NOT NULL OR unreadable)
