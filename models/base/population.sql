/* Who is in scope on each snapshot day: yes, no, or cannot be established, in the order of the tests that the
   rules give.  E_t, the children of a figure, are those with eligibility 'yes' who are listed. */
WITH seen AS (
  SELECT k.child_id, d.on_day, k.village_code, k.birth_date, k.residence, k.record,
    age_on(k.birth_date, d.on_day) AS age_years, d.age_limit_years,
    f.state AS father, m.state AS mother,
    f.capacity AS father_capacity, m.capacity AS mother_capacity,
    f.away_since AS father_since, m.away_since AS mother_since
  FROM known_child AS k
  CROSS JOIN snapshot_day AS d
  JOIN parent_day AS f ON f.child_id = k.child_id AND f.on_day = d.on_day AND f.parent = 'father'
  JOIN parent_day AS m ON m.child_id = k.child_id AND m.on_day = d.on_day AND m.parent = 'mother'
),
tested AS (
  SELECT child_id, on_day, village_code, birth_date, age_years, record,
    father, mother, father_since, mother_since,
    CASE WHEN birth_date > on_day THEN 'not_born'
         WHEN age_years >= age_limit_years THEN 'sixteen_or_over'
         WHEN residence = 'outside' THEN 'lives_outside'
         WHEN father = 'away' AND mother = 'away' THEN 'both_away'
         WHEN father = 'unknown' OR mother = 'unknown' THEN 'whereabouts_unknown'
         WHEN father <> 'away' AND mother <> 'away' THEN 'no_parent_away'
         WHEN father = 'gone' OR mother = 'gone' THEN 'one_away_other_gone'
         WHEN father = 'home' AND father_capacity = 'no' THEN 'one_away_other_incapable'
         WHEN mother = 'home' AND mother_capacity = 'no' THEN 'one_away_other_incapable'
         WHEN father = 'home' AND father_capacity = 'yes' THEN 'one_away_other_capable'
         WHEN mother = 'home' AND mother_capacity = 'yes' THEN 'one_away_other_capable'
         ELSE 'capacity_unknown' END AS test
  FROM seen
),
judged AS (
  SELECT child_id, on_day, village_code, birth_date, age_years, record, father, mother, father_since, mother_since,
    CASE WHEN test IN ('not_born', 'sixteen_or_over', 'lives_outside', 'no_parent_away', 'one_away_other_capable')
           THEN 'no'
         WHEN test IN ('whereabouts_unknown', 'capacity_unknown') OR birth_date IS NULL THEN 'unknown'
         ELSE 'yes' END AS eligibility,
    CASE WHEN birth_date IS NULL AND test IN ('both_away', 'one_away_other_gone', 'one_away_other_incapable')
           THEN 'birth_date_unknown'
         ELSE test END AS why
  FROM tested
)
SELECT j.child_id, j.on_day, j.village_code, j.age_years, j.eligibility, j.why,
  COALESCE(l.village, 0) = 1 AS file_open,
  l.child_id IS NOT NULL AS listed,
  CASE WHEN j.eligibility <> 'yes' THEN NULL
       WHEN j.why = 'both_away' AND j.father_since IS NOT NULL AND j.mother_since IS NOT NULL
         THEN GREATEST(j.father_since, j.mother_since, j.birth_date)
       WHEN j.why <> 'both_away' AND j.father = 'away' AND j.father_since IS NOT NULL
         THEN GREATEST(j.father_since, j.birth_date)
       WHEN j.why <> 'both_away' AND j.mother = 'away' AND j.mother_since IS NOT NULL
         THEN GREATEST(j.mother_since, j.birth_date) END AS eligible_since,
  CASE WHEN j.eligibility <> 'yes' THEN NULL WHEN j.why = 'both_away' THEN 'both' ELSE 'one' END AS left_type,
  j.record
FROM judged AS j
LEFT JOIN listing AS l ON l.child_id = j.child_id AND l.on_day = j.on_day
