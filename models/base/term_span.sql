/* The days that count for a term: from its first day to the eve of the next term, no later than the as-of day.
   What is held in the holidays counts for the term before them, so that nothing falls between two terms. */
SELECT p.period, p.starts_on, p.snapshot_on,
  LEAST(COALESCE(add_days(MIN(n.starts_on), 0 - 1), today.snapshot_on), today.snapshot_on) AS last_on
FROM period AS p
JOIN period AS today ON today.kind = 'snapshot'
LEFT JOIN period AS n ON n.kind = 'term' AND n.starts_on > p.starts_on
WHERE p.kind = 'term'
GROUP BY p.period, p.starts_on, p.snapshot_on, today.snapshot_on
