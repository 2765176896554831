/* Whether both parents are away on the day, as the base tables decide it; null where one cannot be told. */
SELECT
  father.child_id,
  CASE
    WHEN father.state = 'away' AND mother.state = 'away' THEN TRUE
    WHEN father.state IN ('home', 'gone') OR mother.state IN ('home', 'gone') THEN FALSE
  END AS both_away,
  CASE
    WHEN father.state = 'away' AND mother.state = 'away'
      AND father.away_since IS NOT NULL AND mother.away_since IS NOT NULL
      THEN GREATEST(father.away_since, mother.away_since)
  END AS since,
  file.row_record
FROM fact_day AS day
JOIN parent_day AS father ON father.on_day = day.on_day AND father.parent = 'father'
JOIN parent_day AS mother
  ON mother.child_id = father.child_id AND mother.on_day = day.on_day AND mother.parent = 'mother'
LEFT JOIN ledger_file AS file ON file.child_id = father.child_id
