/* Left-behind children on a school's roster on each snapshot day: those of E_t who are enrolled, with the school.
   A roster entry without a day counts from the day it was known; `org_code` is empty where no school of that
   name is known. */
WITH roster AS (
  SELECT child_id, MIN(COALESCE(registered_on, known_on)) AS since, MIN(org_code) AS org_code
  FROM schooling
  WHERE source = 'school' AND status = 'enrolled'
  GROUP BY child_id
)
SELECT q.child_id, q.on_day, q.village_code, r.org_code, q.record
FROM population AS q
JOIN roster AS r ON r.child_id = q.child_id AND r.since <= q.on_day
WHERE q.eligibility = 'yes' AND q.listed
