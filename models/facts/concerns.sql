/*
zh = "问题反馈与强制报告"
en = "Reported problems"
clause = "强制报告意见4；未保法11"
tables = ["known_child", "concern", "code_list", "living_care"]

[[facts]]
name = "open_mandatory_concern"
kind = "code"
vocabulary = "situation"
none_zh = "没有"
none_en = "none"
zh = "未办结的强制报告情形"
en = "open mandatory-report situation"
sentence_zh = "强制报告情形“{value}”于{date}知悉，尚未办结"
sentence_en = "mandatory-report situation “{value}”, known since {date}, not closed"
risk = "codes"
risky = ["genital_injury", "abuse_girl_under_14", "abuse_14_and_over", "multiple_injuries", "self_harm", "abandoned", "missing_trafficked", "organised_begging", "other_abuse"]
window = "now"
not_in_cards_zh = "强制报告情形不作计分项"
not_in_cards_en = "a mandatory-report situation is never a score"

[[facts]]
name = "open_concerns"
kind = "number"
unit = "count"
zh = "未办结的其他问题"
en = "other problems not yet closed"
sentence_zh = "有{number}件问题反馈尚未办结（最早{date}）"
sentence_en = "{number} reported problems not yet closed (first on {date})"
risk = "higher"
window = "now"

[[facts]]
name = "care_need_unserved"
kind = "flag"
zh = "照料需求未落实"
en = "care need without a service"
sentence_zh = "{date}发现无人照料或照料困难，尚无照料服务"
sentence_en = "found without care on {date}, and no care service has started"
risk = "higher"
window = "now"
*/
-- A situation on the list of nine is mandatory even where the box "mandatory" was ticked "no".
SELECT
  child.child_id,
  COALESCE(mandatory.situation, 'none') AS open_mandatory_concern,
  mandatory.aware_on AS open_mandatory_concern__since,
  mandatory.record AS open_mandatory_concern__record,
  COALESCE(other.n_open, 0) AS open_concerns,
  other.first_on AS open_concerns__since,
  other.record AS open_concerns__record,
  need.child_id IS NOT NULL AS care_need_unserved,
  need.found_on AS care_need_unserved__since,
  need.record AS care_need_unserved__record
FROM known_child AS child
LEFT JOIN (
  SELECT
    reported.child_id,
    reported.situation,
    reported.aware_on,
    reported.record,
    ROW_NUMBER() OVER (
      PARTITION BY reported.child_id ORDER BY reported.aware_on, reported.situation, reported.record
    ) AS place
  FROM reported_concern AS reported
  CROSS JOIN fact_day AS today
  JOIN code_list AS listed
    ON listed.vocabulary = 'situation' AND listed.code = reported.situation AND listed.mandatory
  WHERE reported.aware_on <= today.on_day
    AND (reported.closed_on IS NULL OR reported.closed_on > today.on_day)
) AS mandatory ON mandatory.child_id = child.child_id AND mandatory.place = 1
LEFT JOIN (
  SELECT
    reported.child_id,
    COUNT(*) AS n_open,
    MIN(reported.aware_on) AS first_on,
    MIN(reported.record) AS record
  FROM reported_concern AS reported
  CROSS JOIN fact_day AS today
  JOIN code_list AS listed
    ON listed.vocabulary = 'situation' AND listed.code = reported.situation AND NOT listed.mandatory
  WHERE reported.aware_on <= today.on_day
    AND (reported.closed_on IS NULL OR reported.closed_on > today.on_day)
  GROUP BY reported.child_id
) AS other ON other.child_id = child.child_id
LEFT JOIN (
  SELECT
    found.child_id,
    MIN(found.found_on) AS found_on,
    MIN(found.record) AS record
  FROM living_care AS found
  CROSS JOIN fact_day AS today
  WHERE found.found_on <= today.on_day
    AND (found.started_on IS NULL OR found.started_on > today.on_day)
    AND (found.ended_on IS NULL OR found.ended_on > today.on_day)
  GROUP BY found.child_id
) AS need ON need.child_id = child.child_id
