/* What the first home visit after a list's day found, in which the child was seen: serious, some, none; or no visit.

   A finding is a problem that became known between the visit's day and some days after it and that the village (or
   nobody in particular) reported: what a school, a hospital or the police brought up is no finding of the visit, and
   what was known before the visit is none either.  Rows known already on the list's day are no outcome. */
WITH first_visit AS (
  SELECT listed.child_id, listed.as_of, MIN(made.visited_on) AS visited_on
  FROM listed_then AS listed
  CROSS JOIN outcome_rule AS rule
  JOIN visit AS made ON made.child_id = listed.child_id
  WHERE made.mode = 'home' AND made.child_seen
    AND made.visited_on > listed.as_of AND made.visited_on <= add_days(listed.as_of, rule.window_days)
    AND made.known_on > listed.as_of
  GROUP BY listed.child_id, listed.as_of
),
problem AS (
  SELECT reported.child_id, reported.aware_on AS found_on, reported.known_on,
    CASE WHEN grave.situation IS NULL THEN 1 ELSE 2 END AS weight
  FROM concern AS reported
  LEFT JOIN grave_situation AS grave ON grave.situation = reported.situation
  WHERE reported.source IS NULL OR reported.source = 'village'
  UNION ALL
  SELECT care.child_id, care.found_on, care.known_on, CASE WHEN care.need = 'nobody' THEN 2 ELSE 1 END AS weight
  FROM living_care AS care
),
finding AS (
  SELECT seen.child_id, seen.as_of, MAX(known.weight) AS weight
  FROM first_visit AS seen
  CROSS JOIN outcome_rule AS rule
  JOIN problem AS known ON known.child_id = seen.child_id
    AND known.found_on >= seen.visited_on AND known.found_on <= add_days(seen.visited_on, rule.finding_days)
    AND known.known_on > seen.as_of
  GROUP BY seen.child_id, seen.as_of
)
SELECT listed.child_id, listed.as_of, seen.visited_on AS looked_on,
  CASE WHEN seen.visited_on IS NULL THEN 'not_visited'
       WHEN finding.weight = 2 THEN 'serious'
       WHEN finding.weight = 1 THEN 'some'
       ELSE 'none' END AS outcome
FROM listed_then AS listed
LEFT JOIN first_visit AS seen ON seen.child_id = listed.child_id AND seen.as_of = listed.as_of
LEFT JOIN finding ON finding.child_id = listed.child_id AND finding.as_of = listed.as_of
