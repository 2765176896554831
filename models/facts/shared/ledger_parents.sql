/* Where both parents are on the day, as the base tables decide it; null where one cannot be told.
   `both_since` is the day from which both were away, `first_since` that on which the first of those away left. */
SELECT
  father.child_id,
  father.state AS father_state,
  mother.state AS mother_state,
  father.away_since AS father_since,
  mother.away_since AS mother_since,
  CASE
    WHEN father.state = 'away' AND mother.state = 'away' THEN TRUE
    WHEN father.state IN ('home', 'gone') OR mother.state IN ('home', 'gone') THEN FALSE
  END AS both_away,
  father.state = 'gone' OR mother.state = 'gone' AS is_one_gone,
  CASE
    WHEN father.state = 'away' AND mother.state = 'away'
      AND father.away_since IS NOT NULL AND mother.away_since IS NOT NULL
      THEN GREATEST(father.away_since, mother.away_since)
  END AS both_since,
  CASE
    WHEN father.state = 'away' AND father.away_since IS NULL THEN CAST(NULL AS DATE)
    WHEN mother.state = 'away' AND mother.away_since IS NULL THEN CAST(NULL AS DATE)
    WHEN father.state = 'away' AND mother.state = 'away' THEN LEAST(father.away_since, mother.away_since)
    WHEN father.state = 'away' THEN father.away_since
    WHEN mother.state = 'away' THEN mother.away_since
  END AS first_since
FROM fact_day AS day
JOIN parent_day AS father ON father.on_day = day.on_day AND father.parent = 'father'
JOIN parent_day AS mother
  ON mother.child_id = father.child_id AND mother.on_day = day.on_day AND mother.parent = 'mother'
