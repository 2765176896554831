/* The village ledger's row of a child: where it stands, whether its reassuring answers have expired, and whether
   the file was closed for a reason that ends what it says about living, supervision and carer.
   What it says of the parents has a day of its own where somebody verified it (`is_away_stale`).
   `stated_on` is the row's day of update, else the day from which the row was known. */
SELECT
  file.child_id,
  file.record AS row_record,
  CASE WHEN ledger.updated_on <= day.on_day THEN ledger.updated_on ELSE file.known_on END AS stated_on,
  COALESCE(days_between(ledger.updated_on, day.on_day) > day.ledger_answer_stale_days, FALSE) AS is_stale,
  COALESCE(
    days_between(
      GREATEST(
        COALESCE(ledger.updated_on, ledger.away_verified_on), COALESCE(ledger.away_verified_on, ledger.updated_on)
      ),
      day.on_day
    ) > day.ledger_answer_stale_days,
    FALSE
  ) AS is_away_stale,
  ended.child_id IS NOT NULL AS is_ended
FROM child AS file
CROSS JOIN fact_day AS day
LEFT JOIN verification AS ledger ON ledger.child_id = file.child_id
LEFT JOIN (
  SELECT
    closed.child_id,
    MAX(closed.closed_on) AS closed_on
  FROM enrolment_episode AS closed
  CROSS JOIN fact_day AS today
  WHERE closed.source = 'village'
    AND closed.closed_on <= today.on_day
    AND closed.close_reason IN (
      'parents_returned', 'moved_with_parents', 'transferred', 'died', 'registration_error'
    )
    AND NOT EXISTS (
      SELECT again.child_id
      FROM enrolment_episode AS again
      WHERE again.child_id = closed.child_id AND again.source = 'village'
        AND again.opened_on <= today.on_day
        AND (again.closed_on IS NULL OR again.closed_on > today.on_day)
    )
  GROUP BY closed.child_id
) AS ended ON ended.child_id = file.child_id
WHERE file.source = 'village'
