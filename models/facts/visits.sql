/*
zh = "走访"
en = "Visits"
clause = "四·2"
tables = ["known_child", "visit", "enrolment_episode"]

[[facts]]
name = "days_since_home_visit"
kind = "number"
unit = "days"
zh = "距最近入户走访天数"
en = "days since the last home visit"
sentence_zh = "自{date}（最近入户走访；从未入户的为建档日）起已{number}天未入户"
sentence_en = "{number} days without a home visit since {date} (last home visit, or the day the file was opened)"
risk = "higher"
window = "now"

[[facts]]
name = "never_visited"
kind = "flag"
zh = "从未入户走访"
en = "never visited at home"
sentence_zh = "没有入户走访记录"
sentence_en = "no home visit is on record"
risk = "higher"
window = "now"

[[facts]]
name = "missed_visits"
kind = "number"
unit = "count"
zh = "近期应访未访次数"
en = "visits missed recently"
sentence_zh = "观察期内有{number}次应访未入户（最近一次截止{date}）"
sentence_en = "{number} due visits without a home visit within the window (the last was due on {date})"
risk = "higher"
window = "missed_visits_window_months"
*/
-- A telephone or video call is no home visit.  A due row whose visit day cannot be read counts neither way.
SELECT
  child.child_id,
  days_between(COALESCE(seen.last_on, opened.opened_on), day.on_day) AS days_since_home_visit,
  COALESCE(seen.last_on, opened.opened_on) AS days_since_home_visit__since,
  seen.record AS days_since_home_visit__record,
  seen.child_id IS NULL AS never_visited,
  opened.opened_on AS never_visited__since,
  CAST(NULL AS VARCHAR) AS never_visited__record,
  due.n_missed AS missed_visits,
  due.last_due_on AS missed_visits__since,
  due.record AS missed_visits__record
FROM known_child AS child
CROSS JOIN fact_day AS day
LEFT JOIN (
  SELECT
    made.child_id,
    MAX(made.visited_on) AS last_on,
    MAX(made.record) AS record
  FROM visit AS made
  JOIN (
    SELECT
      home.child_id,
      MAX(home.visited_on) AS visited_on
    FROM visit AS home
    CROSS JOIN fact_day AS today
    WHERE home.mode = 'home' AND home.visited_on <= today.on_day
    GROUP BY home.child_id
  ) AS latest ON latest.child_id = made.child_id AND latest.visited_on = made.visited_on
  WHERE made.mode = 'home'
  GROUP BY made.child_id
) AS seen ON seen.child_id = child.child_id
LEFT JOIN (
  SELECT
    listed.child_id,
    COALESCE(
      MAX(CASE WHEN listed.source = 'village' THEN listed.opened_on END), MIN(listed.opened_on)
    ) AS opened_on
  FROM enrolment_episode AS listed
  CROSS JOIN fact_day AS today
  WHERE listed.opened_on <= today.on_day
  GROUP BY listed.child_id
) AS opened ON opened.child_id = child.child_id
LEFT JOIN (
  SELECT
    planned.child_id,
    SUM(CASE WHEN planned.is_missed THEN 1 ELSE 0 END) AS n_missed,
    MAX(CASE WHEN planned.is_missed THEN planned.due_on END) AS last_due_on,
    MAX(CASE WHEN planned.is_missed THEN planned.record END) AS record
  FROM (
    SELECT
      row_due.child_id,
      row_due.due_on,
      row_due.record,
      (row_due.visited_on IS NULL AND NOT unusable(row_due.invalid, 'visited_on'))
        OR row_due.visited_on > today.on_day
        OR row_due.mode <> 'home' AS is_missed
    FROM visit AS row_due
    CROSS JOIN fact_day AS today
    WHERE row_due.due_on < today.on_day
      AND months_between(row_due.due_on, today.on_day) < today.missed_visits_window_months
  ) AS planned
  GROUP BY planned.child_id
) AS due ON due.child_id = child.child_id
