/* Where each parent is on each snapshot day: away, home, gone (dead, imprisoned, missing) or unknown.
   A departure in the future is not yet one; a returned parent counts as away before the return.  A departure
   known by its month alone leaves the days of that month before its last unknown.
   `away_since` is empty where the day of leaving is not known. */
SELECT f.child_id, f.parent, d.on_day,
  CASE WHEN f.status IS NULL THEN 'unknown'
       WHEN f.status IN ('dead', 'imprisoned', 'missing') THEN 'gone'
       WHEN f.until IS NOT NULL AND d.on_day >= f.until THEN 'home'
       WHEN f.status = 'away' OR (f.status IN ('returned', 'home') AND f.until IS NOT NULL AND f.since IS NOT NULL)
            OR (f.status = 'returned' AND f.until IS NOT NULL)
         THEN CASE WHEN f.since IS NULL THEN 'away'
                   WHEN NOT f.since_month_only AND d.on_day >= f.since THEN 'away'
                   WHEN f.since_month_only AND d.on_day >= month_end(f.since) THEN 'away'
                   WHEN f.since_month_only AND d.on_day >= month_start(f.since) THEN 'unknown'
                   ELSE 'home' END
       ELSE 'home' END AS state,
  CASE WHEN f.capacity IN ('yes', 'no') THEN f.capacity ELSE 'unknown' END AS capacity,
  CASE WHEN NOT f.since_month_only THEN f.since END AS away_since
FROM parent_fact AS f
CROSS JOIN snapshot_day AS d
