/*
zh = "安全"
en = "Safety"
clause = "五·5；四·1"
tables = ["known_child", "incident", "hazard", "police_case"]

[[facts]]
name = "incidents_recent"
kind = "number"
unit = "count"
zh = "观察期内意外事故次数"
en = "accidents within the window"
sentence_zh = "观察期内发生意外事故{number}次（最近{date}）"
sentence_en = "{number} accidents within the window (the last on {date})"
risk = "higher"
window = "incident_window_months"

[[facts]]
name = "open_hazards_near_home"
kind = "number"
unit = "count"
zh = "居住村未整改的隐患"
en = "hazards in the child’s village not yet fixed"
sentence_zh = "居住村有{number}处隐患尚未整改（最早{date}发现）"
sentence_en = "{number} hazards in the child’s village not yet fixed (the first found on {date})"
risk = "higher"
window = "now"
never_stale_zh = "整改以前一直有效"
never_stale_en = "they stand until they are fixed"

[[facts]]
name = "police_case"
kind = "code"
vocabulary = "police_case_kind"
none_zh = "没有"
none_en = "none"
zh = "观察期内的案件"
en = "police case within the window"
sentence_zh = "案件：{value}（{date}报案）"
sentence_en = "police case: {value} (reported {date})"
risk = "codes"
risky = ["suspected_abuse", "assault", "school_surroundings", "other"]
window = "police_case_months"
*/
-- Near home is the village in which the child lives: the registry tells no place more closely.  The register of cases
-- has no day on which a case ends, so a case counts as open for the months of its window.  Where a register has not
-- come in at all, that nothing stands in it is not known.
SELECT
  child.child_id,
  CASE WHEN accident.n_accidents > 0 THEN accident.n_accidents WHEN accidents.is_at_hand THEN 0 END AS incidents_recent,
  accident.last_on AS incidents_recent__since,
  accident.record AS incidents_recent__record,
  CASE
    WHEN danger.n_open > 0 THEN danger.n_open
    WHEN danger.n_unclear > 0 OR child.village_code IS NULL THEN CAST(NULL AS BIGINT)
    WHEN dangers.is_at_hand THEN 0
  END AS open_hazards_near_home,
  danger.first_on AS open_hazards_near_home__since,
  danger.record AS open_hazards_near_home__record,
  CASE WHEN reported.child_id IS NOT NULL THEN reported.kind WHEN cases.is_at_hand THEN 'none' END AS police_case,
  reported.reported_on AS police_case__since,
  reported.record AS police_case__record
FROM known_child AS child
CROSS JOIN (SELECT COUNT(*) > 0 AS is_at_hand FROM incident AS listed) AS accidents
CROSS JOIN (SELECT COUNT(*) > 0 AS is_at_hand FROM hazard AS listed) AS dangers
CROSS JOIN (SELECT COUNT(*) > 0 AS is_at_hand FROM police_case AS listed) AS cases
LEFT JOIN (
  SELECT
    happened.child_id,
    COUNT(*) AS n_accidents,
    MAX(happened.happened_on) AS last_on,
    record_of_last(happened.record, happened.happened_on) AS record
  FROM incident AS happened
  CROSS JOIN fact_day AS today
  WHERE happened.happened_on <= today.on_day
    AND months_between(happened.happened_on, today.on_day) < today.incident_window_months
  GROUP BY happened.child_id
) AS accident ON accident.child_id = child.child_id
LEFT JOIN (
  SELECT
    seen.village_code,
    SUM(CASE WHEN seen.is_open THEN 1 ELSE 0 END) AS n_open,
    SUM(CASE WHEN seen.is_open IS NULL THEN 1 ELSE 0 END) AS n_unclear,
    MIN(CASE WHEN seen.is_open THEN seen.found_on END) AS first_on,
    record_of_first(CASE WHEN seen.is_open THEN seen.record END, seen.found_on) AS record
  FROM (
    SELECT
      place.village_code,
      place.found_on,
      place.record,
      CASE
        WHEN place.fixed_on <= today.on_day OR place.verified_on <= today.on_day THEN FALSE
        WHEN unusable(place.invalid, 'fixed_on') THEN CAST(NULL AS BOOLEAN)
        ELSE TRUE
      END AS is_open
    FROM hazard AS place
    CROSS JOIN fact_day AS today
    WHERE place.found_on <= today.on_day
  ) AS seen
  GROUP BY seen.village_code
) AS danger ON danger.village_code = child.village_code
LEFT JOIN (
  SELECT
    matter.child_id,
    matter.kind,
    day_of(matter.reported_at) AS reported_on,
    matter.record,
    ROW_NUMBER() OVER (
      PARTITION BY matter.child_id
      ORDER BY
        CASE matter.kind WHEN 'suspected_abuse' THEN 1 WHEN 'assault' THEN 2 WHEN 'school_surroundings' THEN 3 ELSE 4 END,
        matter.reported_at DESC,
        matter.record
    ) AS place
  FROM police_case AS matter
  CROSS JOIN fact_day AS today
  WHERE day_of(matter.reported_at) <= today.on_day
    AND months_between(day_of(matter.reported_at), today.on_day) < today.police_case_months
) AS reported ON reported.child_id = child.child_id AND reported.place = 1
