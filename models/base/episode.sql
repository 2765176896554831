/* Stays on a list: open on day D where opened_on <= D < closed_on.
   An entry without a day (a roster's, as a rule) counts from the day it was known; `opened_on_known` says so.
   A closing whose day is blank or unreadable counts from the day it was known; `closed_on_known` says so. */
SELECT child_id, source, COALESCE(opened_on, known_on) AS opened_on, opened_on IS NOT NULL AS opened_on_known,
  CASE WHEN closed_on IS NOT NULL THEN closed_on
       WHEN close_reason IS NOT NULL OR unusable(invalid, 'closed_on') THEN known_on END AS closed_on,
  closed_on IS NOT NULL AS closed_on_known,
  close_reason, record, invalid, known_on
FROM enrolment_episode
