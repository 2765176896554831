/* Whether a child stands open on a list on each snapshot day: on the village's, and on any.
   Once the village has closed the file because the child died or left the district, an earlier entry on
   another list no longer counts; a later one with a day of its own does. */
WITH gone AS (
  SELECT child_id, MAX(closed_on) AS gone_on
  FROM episode
  WHERE source = 'village' AND close_reason IN ('died', 'transferred', 'moved_with_parents')
  GROUP BY child_id
)
SELECT e.child_id, d.on_day,
  MAX(CASE WHEN e.source = 'village' THEN 1 ELSE 0 END) AS village,
  MIN(e.opened_on) AS listed_since
FROM episode AS e
JOIN snapshot_day AS d ON e.opened_on <= d.on_day AND (e.closed_on IS NULL OR d.on_day < e.closed_on)
LEFT JOIN gone AS g ON g.child_id = e.child_id
WHERE e.source = 'village' OR g.gone_on IS NULL OR d.on_day < g.gone_on OR (e.opened_on_known AND e.opened_on > g.gone_on)
GROUP BY e.child_id, d.on_day
