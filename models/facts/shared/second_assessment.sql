/* Second assessments that still count.  Without a readable day of its own it is dated by the screen. */
SELECT
  judged.child_id,
  judged.second_outcome,
  COALESCE(judged.second_on, judged.screened_on) AS judged_on,
  judged.record,
  day.on_day
FROM psych_screen AS judged
CROSS JOIN fact_day AS day
WHERE judged.second_outcome IS NOT NULL
  AND COALESCE(judged.second_on, judged.screened_on) <= day.on_day
  AND months_between(COALESCE(judged.second_on, judged.screened_on), day.on_day) < day.severe_valid_months
