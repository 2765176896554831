/* What the first second assessment after a list's day said: severe is serious, to be watched is some, normal is none.

   The first questionnaire is never an outcome: it is what the list was made from.  Of two assessments on one day the
   worse counts. */
WITH first_day AS (
  SELECT listed.child_id, listed.as_of, MIN(judged.second_on) AS judged_on
  FROM listed_then AS listed
  CROSS JOIN outcome_rule AS rule
  JOIN psych_screen AS judged ON judged.child_id = listed.child_id
  WHERE judged.second_outcome IS NOT NULL
    AND judged.second_on > listed.as_of AND judged.second_on <= add_days(listed.as_of, rule.window_days)
    AND judged.known_on > listed.as_of
  GROUP BY listed.child_id, listed.as_of
),
verdict AS (
  SELECT seen.child_id, seen.as_of, seen.judged_on,
    MAX(CASE judged.second_outcome WHEN 'severe' THEN 2 WHEN 'watch' THEN 1 ELSE 0 END) AS weight
  FROM first_day AS seen
  JOIN psych_screen AS judged ON judged.child_id = seen.child_id AND judged.second_on = seen.judged_on
  WHERE judged.second_outcome IS NOT NULL AND judged.known_on > seen.as_of
  GROUP BY seen.child_id, seen.as_of, seen.judged_on
)
SELECT listed.child_id, listed.as_of, verdict.judged_on AS looked_on,
  CASE WHEN verdict.judged_on IS NULL THEN 'not_visited'
       WHEN verdict.weight = 2 THEN 'serious'
       WHEN verdict.weight = 1 THEN 'some'
       ELSE 'none' END AS outcome
FROM listed_then AS listed
LEFT JOIN verdict ON verdict.child_id = listed.child_id AND verdict.as_of = listed.as_of
