/*
zh = "走访"
en = "Visits"
clause = "四·2"
tables = ["known_child", "visit", "enrolment_episode", "concern"]

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
never_stale_zh = "天数随日期增长"
never_stale_en = "the count grows with the days"

[[facts]]
name = "days_since_seen"
kind = "number"
unit = "days"
zh = "距最近入户见到孩子本人天数"
en = "days since a home visit at which the child was seen"
sentence_zh = "自{date}（最近一次入户见到孩子本人；从未见到的为建档日）起已{number}天"
sentence_en = "{number} days since {date} (the last home visit at which the child was seen, or the day the file was opened)"
risk = "higher"
window = "now"
never_stale_zh = "天数随日期增长"
never_stale_en = "the count grows with the days"

[[facts]]
name = "never_visited"
kind = "flag"
zh = "从未入户走访"
en = "never visited at home"
sentence_zh = "没有入户走访记录"
sentence_en = "no home visit is on record"
risk = "higher"
window = "now"
never_stale_zh = "走访登记逐日增加，只有一次入户即可改变"
never_stale_en = "it is read from the visits themselves; one home visit ends it"

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

[[facts]]
name = "open_visit_findings"
kind = "number"
unit = "count"
zh = "村里发现、尚未处置的问题"
en = "problems found by the village and not yet acted on"
sentence_zh = "村里走访发现的{number}个问题尚未处置（最早{date}）"
sentence_en = "{number} problems found by the village and not yet acted on (first on {date})"
risk = "higher"
window = "now"
never_stale_zh = "处置以前一直有效"
never_stale_en = "they stand until somebody acts"
*/
-- A visit whose box "child seen" is blank tells nothing: after such a visit it is not known since when the child was not
-- seen.  The visit ledger has no column for findings: what visits find stands in the register of problems, reported by
-- the village.
-- A telephone or video call is no home visit.  A due row whose visit day cannot be read counts neither way.
SELECT
  child.child_id,
  days_between(COALESCE(seen.last_on, opened.opened_on), day.on_day) AS days_since_home_visit,
  COALESCE(seen.last_on, opened.opened_on) AS days_since_home_visit__since,
  seen.record AS days_since_home_visit__record,
  CASE
    WHEN seen.unsure_on IS NOT NULL AND (seen.seen_on IS NULL OR seen.unsure_on > seen.seen_on) THEN CAST(NULL AS BIGINT)
    ELSE days_between(COALESCE(seen.seen_on, opened.opened_on), day.on_day)
  END AS days_since_seen,
  COALESCE(seen.seen_on, opened.opened_on) AS days_since_seen__since,
  seen.seen_record AS days_since_seen__record,
  seen.child_id IS NULL AS never_visited,
  opened.opened_on AS never_visited__since,
  CAST(NULL AS VARCHAR) AS never_visited__record,
  due.n_missed AS missed_visits,
  due.last_due_on AS missed_visits__since,
  due.record AS missed_visits__record,
  CASE WHEN finding.n_open > 0 THEN finding.n_open WHEN register.is_at_hand THEN 0 END AS open_visit_findings,
  finding.first_on AS open_visit_findings__since,
  finding.record AS open_visit_findings__record
FROM known_child AS child
CROSS JOIN fact_day AS day
CROSS JOIN (SELECT COUNT(*) > 0 AS is_at_hand FROM concern AS listed) AS register
LEFT JOIN (
  SELECT
    home.child_id,
    MAX(home.visited_on) AS last_on,
    record_of_last(home.record, home.visited_on) AS record,
    MAX(CASE WHEN home.child_seen THEN home.visited_on END) AS seen_on,
    record_of_last(CASE WHEN home.child_seen THEN home.record END, home.visited_on) AS seen_record,
    MAX(CASE WHEN home.child_seen IS NULL THEN home.visited_on END) AS unsure_on
  FROM visit AS home
  CROSS JOIN fact_day AS today
  WHERE home.mode = 'home' AND home.visited_on <= today.on_day
  GROUP BY home.child_id
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
    record_of_last(CASE WHEN planned.is_missed THEN planned.record END, planned.due_on) AS record
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
LEFT JOIN (
  SELECT
    found.child_id,
    COUNT(*) AS n_open,
    MIN(found.aware_on) AS first_on,
    record_of_first(found.record, found.aware_on) AS record
  FROM open_concern AS found
  WHERE found.is_village_waiting
  GROUP BY found.child_id
) AS finding ON finding.child_id = child.child_id
