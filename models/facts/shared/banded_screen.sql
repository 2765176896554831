/* Every screen up to the day with its band, as the base table reads it (so that lists and indicators agree).
   `band` is null where the answers are void, cannot be banded, or have no known validity: never negative. */
SELECT
  screen.child_id,
  screen.scale,
  screen.informant,
  screen.norm_set,
  screen.screened_on,
  screen.record,
  months_between(screen.screened_on, day.on_day) < day.screen_valid_months AS is_recent,
  COALESCE(screen.second_on <= day.on_day, screen.second_outcome IS NOT NULL) AS has_second,
  screen.reading = 'positive' AS is_positive,
  CASE
    WHEN NOT screen.valid THEN CAST(NULL AS VARCHAR)
    WHEN screen.scale = 'PHQ' AND screen.total >= day.phq_severe THEN 'severe'
    WHEN screen.scale = 'PHQ' AND screen.reading = 'positive' THEN 'positive'
    WHEN screen.scale = 'PHQ' AND screen.reading = 'middle' THEN 'mild'
    WHEN screen.reading = 'positive' THEN 'high'
    WHEN screen.reading = 'middle' THEN 'middle'
    ELSE 'low'
  END AS band
FROM screen_reading AS screen
CROSS JOIN fact_day AS day
WHERE screen.screened_on <= day.on_day
