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
never_stale_zh = "办结以前一直有效"
never_stale_en = "it stands until it is closed"
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
never_stale_zh = "办结以前一直有效"
never_stale_en = "they stand until they are closed"

[[facts]]
name = "care_need_unserved"
kind = "flag"
zh = "照料需求未落实"
en = "care need without a service"
sentence_zh = "{date}发现无人照料或照料困难，尚无照料服务"
sentence_en = "found without care on {date}, and no care service has started"
risk = "higher"
window = "now"
never_stale_zh = "落实以前一直有效"
never_stale_en = "it stands until a service starts"

[[facts]]
name = "concern_poverty"
kind = "flag"
zh = "未办结的经济困难反馈"
en = "an open report of hardship"
sentence_zh = "{date}知悉经济困难，尚未办结"
sentence_en = "hardship known since {date}, not closed"
risk = "higher"
window = "now"
never_stale_zh = "办结以前一直有效"
never_stale_en = "it stands until it is closed"
not_in_cards_zh = "困难情况只用于救助，不作计分项"
not_in_cards_en = "hardship serves relief, not the score"

[[facts]]
name = "concern_care_difficult"
kind = "flag"
zh = "未办结的照料困难反馈"
en = "an open report of difficult care"
sentence_zh = "{date}知悉照料困难，尚未办结"
sentence_en = "difficult care known since {date}, not closed"
risk = "higher"
window = "now"
never_stale_zh = "办结以前一直有效"
never_stale_en = "it stands until it is closed"

[[facts]]
name = "concern_bullying"
kind = "flag"
zh = "未办结的同伴欺凌反馈"
en = "an open report of bullying"
sentence_zh = "{date}知悉同伴欺凌，尚未办结"
sentence_en = "bullying known since {date}, not closed"
risk = "higher"
window = "now"
never_stale_zh = "办结以前一直有效"
never_stale_en = "it stands until it is closed"

[[facts]]
name = "concern_dropout_risk"
kind = "flag"
zh = "未办结的辍学风险反馈"
en = "an open report of a risk of dropping out"
sentence_zh = "{date}知悉辍学风险，尚未办结"
sentence_en = "a risk of dropping out known since {date}, not closed"
risk = "higher"
window = "now"
never_stale_zh = "办结以前一直有效"
never_stale_en = "it stands until it is closed"

[[facts]]
name = "concern_internet"
kind = "flag"
zh = "未办结的沉迷网络反馈"
en = "an open report of excessive internet use"
sentence_zh = "{date}知悉沉迷网络，尚未办结"
sentence_en = "excessive internet use known since {date}, not closed"
risk = "higher"
window = "now"
never_stale_zh = "办结以前一直有效"
never_stale_en = "it stands until it is closed"

[[facts]]
name = "concern_health"
kind = "flag"
zh = "未办结的健康问题反馈"
en = "an open report of a health problem"
sentence_zh = "{date}知悉健康问题，尚未办结"
sentence_en = "a health problem known since {date}, not closed"
risk = "higher"
window = "now"
never_stale_zh = "办结以前一直有效"
never_stale_en = "it stands until it is closed"

[[facts]]
name = "concern_psychological"
kind = "flag"
zh = "未办结的心理问题反馈"
en = "an open report of a psychological problem"
sentence_zh = "{date}知悉心理问题，尚未办结"
sentence_en = "a psychological problem known since {date}, not closed"
risk = "higher"
window = "now"
never_stale_zh = "办结以前一直有效"
never_stale_en = "it stands until it is closed"

[[facts]]
name = "concern_other"
kind = "flag"
zh = "未办结的其他问题反馈"
en = "an open report of another problem"
sentence_zh = "{date}知悉其他问题，尚未办结"
sentence_en = "another problem known since {date}, not closed"
risk = "higher"
window = "now"
never_stale_zh = "办结以前一直有效"
never_stale_en = "it stands until it is closed"
*/
-- Where no register of problems has come in at all, that nothing is open is not known.
SELECT
  child.child_id,
  CASE WHEN mandatory.child_id IS NOT NULL THEN mandatory.situation WHEN register.is_at_hand THEN 'none' END
    AS open_mandatory_concern,
  mandatory.aware_on AS open_mandatory_concern__since,
  mandatory.record AS open_mandatory_concern__record,
  CASE WHEN waiting.n_other > 0 THEN waiting.n_other WHEN register.is_at_hand THEN 0 END AS open_concerns,
  waiting.first_on AS open_concerns__since,
  waiting.first_record AS open_concerns__record,
  CASE WHEN waiting.poverty_on IS NOT NULL THEN TRUE WHEN register.is_at_hand THEN FALSE END AS concern_poverty,
  waiting.poverty_on AS concern_poverty__since,
  waiting.poverty_record AS concern_poverty__record,
  CASE WHEN waiting.care_difficult_on IS NOT NULL THEN TRUE WHEN register.is_at_hand THEN FALSE END AS concern_care_difficult,
  waiting.care_difficult_on AS concern_care_difficult__since,
  waiting.care_difficult_record AS concern_care_difficult__record,
  CASE WHEN waiting.bullying_on IS NOT NULL THEN TRUE WHEN register.is_at_hand THEN FALSE END AS concern_bullying,
  waiting.bullying_on AS concern_bullying__since,
  waiting.bullying_record AS concern_bullying__record,
  CASE WHEN waiting.dropout_risk_on IS NOT NULL THEN TRUE WHEN register.is_at_hand THEN FALSE END AS concern_dropout_risk,
  waiting.dropout_risk_on AS concern_dropout_risk__since,
  waiting.dropout_risk_record AS concern_dropout_risk__record,
  CASE WHEN waiting.internet_on IS NOT NULL THEN TRUE WHEN register.is_at_hand THEN FALSE END AS concern_internet,
  waiting.internet_on AS concern_internet__since,
  waiting.internet_record AS concern_internet__record,
  CASE WHEN waiting.health_on IS NOT NULL THEN TRUE WHEN register.is_at_hand THEN FALSE END AS concern_health,
  waiting.health_on AS concern_health__since,
  waiting.health_record AS concern_health__record,
  CASE WHEN waiting.psychological_on IS NOT NULL THEN TRUE WHEN register.is_at_hand THEN FALSE END AS concern_psychological,
  waiting.psychological_on AS concern_psychological__since,
  waiting.psychological_record AS concern_psychological__record,
  CASE WHEN waiting.other_on IS NOT NULL THEN TRUE WHEN register.is_at_hand THEN FALSE END AS concern_other,
  waiting.other_on AS concern_other__since,
  waiting.other_record AS concern_other__record,
  CASE WHEN need.child_id IS NOT NULL THEN TRUE WHEN care.is_at_hand THEN FALSE END AS care_need_unserved,
  need.found_on AS care_need_unserved__since,
  need.record AS care_need_unserved__record
FROM known_child AS child
CROSS JOIN (SELECT COUNT(*) > 0 AS is_at_hand FROM concern AS listed) AS register
CROSS JOIN (SELECT COUNT(*) > 0 AS is_at_hand FROM living_care AS listed) AS care
LEFT JOIN (
  SELECT
    ranked.child_id,
    ranked.situation,
    ranked.aware_on,
    ranked.record,
    ROW_NUMBER() OVER (
      PARTITION BY ranked.child_id ORDER BY ranked.aware_on, ranked.situation, ranked.record
    ) AS place
  FROM open_concern AS ranked
  WHERE ranked.mandatory
) AS mandatory ON mandatory.child_id = child.child_id AND mandatory.place = 1
LEFT JOIN (
  SELECT
    found.child_id,
    COUNT(*) AS n_other,
    MIN(found.aware_on) AS first_on,
    record_of_first(found.record, found.aware_on) AS first_record,
    MIN(CASE WHEN found.situation = 'poverty' THEN found.aware_on END) AS poverty_on,
    record_of_first(CASE WHEN found.situation = 'poverty' THEN found.record END, found.aware_on) AS poverty_record,
    MIN(CASE WHEN found.situation = 'care_difficult' THEN found.aware_on END) AS care_difficult_on,
    record_of_first(CASE WHEN found.situation = 'care_difficult' THEN found.record END, found.aware_on) AS care_difficult_record,
    MIN(CASE WHEN found.situation = 'bullying' THEN found.aware_on END) AS bullying_on,
    record_of_first(CASE WHEN found.situation = 'bullying' THEN found.record END, found.aware_on) AS bullying_record,
    MIN(CASE WHEN found.situation = 'dropout_risk' THEN found.aware_on END) AS dropout_risk_on,
    record_of_first(CASE WHEN found.situation = 'dropout_risk' THEN found.record END, found.aware_on) AS dropout_risk_record,
    MIN(CASE WHEN found.situation = 'internet' THEN found.aware_on END) AS internet_on,
    record_of_first(CASE WHEN found.situation = 'internet' THEN found.record END, found.aware_on) AS internet_record,
    MIN(CASE WHEN found.situation = 'health' THEN found.aware_on END) AS health_on,
    record_of_first(CASE WHEN found.situation = 'health' THEN found.record END, found.aware_on) AS health_record,
    MIN(CASE WHEN found.situation = 'psychological' THEN found.aware_on END) AS psychological_on,
    record_of_first(CASE WHEN found.situation = 'psychological' THEN found.record END, found.aware_on) AS psychological_record,
    MIN(CASE WHEN found.situation = 'other' THEN found.aware_on END) AS other_on,
    record_of_first(CASE WHEN found.situation = 'other' THEN found.record END, found.aware_on) AS other_record
  FROM open_concern AS found
  WHERE NOT found.mandatory
  GROUP BY found.child_id
) AS waiting ON waiting.child_id = child.child_id
LEFT JOIN (
  SELECT
    found.child_id,
    MIN(found.found_on) AS found_on,
    record_of_first(found.record, found.found_on) AS record
  FROM living_care AS found
  CROSS JOIN fact_day AS today
  WHERE found.found_on <= today.on_day
    AND (found.started_on IS NULL OR found.started_on > today.on_day)
    AND (found.ended_on IS NULL OR found.ended_on > today.on_day)
  GROUP BY found.child_id
) AS need ON need.child_id = child.child_id
