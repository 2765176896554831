/* Whether both parents are away, as the population decides it on that day. */
SELECT
  counted.child_id,
  CASE
    WHEN counted.left_type = 'both' THEN TRUE
    WHEN counted.left_type = 'one' OR counted.why IN ('no_parent_away', 'one_away_capable', 'none_away') THEN FALSE
  END AS both_away,
  CASE WHEN counted.left_type = 'both' THEN counted.eligible_since END AS since,
  file.row_record
FROM population AS counted
JOIN fact_day AS day ON day.on_day = counted.on_day
LEFT JOIN ledger_file AS file ON file.child_id = counted.child_id
