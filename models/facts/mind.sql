/*
zh = "心理筛查与转介"
en = "Psychological screens and referrals"
clause = "五·4"
tables = ["known_child", "psych_screen", "psych_referral"]

[[facts]]
name = "open_crisis"
kind = "flag"
zh = "未结案的心理危机项"
en = "crisis item not closed"
sentence_zh = "心理筛查危机项阳性（{date}发现），尚未结案"
sentence_en = "a crisis item was positive (found {date}) and is not closed"
risk = "higher"
window = "now"
never_stale_zh = "结案以前一直有效"
never_stale_en = "it stands until it is closed"
not_in_cards_zh = "心理危机项不作计分项"
not_in_cards_en = "a crisis item is never a score"

[[facts]]
name = "severe_unseen"
kind = "flag"
zh = "复评严重且未首诊"
en = "judged severe and not yet seen by a professional"
sentence_zh = "复评结论为严重（{date}），此后尚无专业机构首诊"
sentence_en = "judged severe in the second assessment ({date}) and not yet seen by a professional since"
risk = "higher"
window = "severe_valid_months"

[[facts]]
name = "judged_severe"
kind = "flag"
zh = "复评严重"
en = "judged severe"
sentence_zh = "复评结论为严重（{date}）"
sentence_en = "judged severe in the second assessment ({date})"
risk = "higher"
window = "severe_valid_months"

[[facts]]
name = "screen_state"
kind = "code"
zh = "近期筛查情况"
en = "recent screens"
sentence_zh = "近期筛查：{value}（最近{date}）"
sentence_en = "recent screens: {value} (last {date})"
risk = "none"
window = "screen_valid_months"
codes = [
  { code = "valid", zh = "有有效筛查", en = "a valid screen" },
  { code = "void_only", zh = "只有作废或无法分级的答卷", en = "only void or unbandable answers" },
  { code = "none", zh = "没有筛查", en = "no screen" },
]

[[facts]]
name = "valid_screen"
kind = "flag"
zh = "有效的心理筛查"
en = "a valid psychological screen"
sentence_zh = "有效期内有有效筛查（{date}）"
sentence_en = "a valid screen within its period ({date})"
risk = "none"
window = "screen_valid_months"

[[facts]]
name = "positive_without_second"
kind = "flag"
zh = "有效阳性未复评"
en = "valid positive screen without a second assessment"
sentence_zh = "有效筛查阳性（{date}），尚未复评"
sentence_en = "a valid screen was positive ({date}) and there is no second assessment"
risk = "higher"
asks = ["valid_screen"]
window = "screen_valid_months"

[[facts]]
name = "second_watch"
kind = "flag"
zh = "复评一般关注"
en = "second assessment: watch"
sentence_zh = "复评结论为一般关注（{date}）"
sentence_en = "the second assessment says: watch ({date})"
risk = "higher"
window = "severe_valid_months"

[[facts]]
name = "sdq_band"
kind = "code"
zh = "SDQ最近有效分级"
en = "latest valid SDQ band"
sentence_zh = "SDQ最近有效筛查（{date}）：{value}"
sentence_en = "latest valid SDQ ({date}): {value}"
risk = "codes"
risky = ["middle", "high"]
asks = ["valid_screen"]
window = "screen_valid_months"
codes = [
  { code = "no_scale", zh = "未做此量表", en = "scale not taken" },
  { code = "low", zh = "正常", en = "low band" },
  { code = "middle", zh = "中间", en = "middle band" },
  { code = "high", zh = "高分", en = "high band" },
]

[[facts]]
name = "mht_band"
kind = "code"
zh = "MHT最近有效分级"
en = "latest valid MHT band"
sentence_zh = "MHT最近有效筛查（{date}）：{value}"
sentence_en = "latest valid MHT ({date}): {value}"
risk = "codes"
risky = ["high"]
asks = ["valid_screen"]
window = "screen_valid_months"
codes = [
  { code = "no_scale", zh = "未做此量表", en = "scale not taken" },
  { code = "low", zh = "未见异常", en = "not high" },
  { code = "high", zh = "总分或内容量表偏高", en = "total or a content scale high" },
]

[[facts]]
name = "phq_band"
kind = "code"
zh = "PHQ最近有效分级"
en = "latest valid PHQ band"
sentence_zh = "PHQ最近有效筛查（{date}）：{value}"
sentence_en = "latest valid PHQ ({date}): {value}"
risk = "codes"
risky = ["mild", "positive", "severe"]
asks = ["valid_screen"]
window = "screen_valid_months"
codes = [
  { code = "no_scale", zh = "未做此量表", en = "scale not taken" },
  { code = "low", zh = "无明显症状", en = "minimal" },
  { code = "mild", zh = "轻度", en = "mild" },
  { code = "positive", zh = "中度及以上", en = "moderate or more" },
  { code = "severe", zh = "重度", en = "severe" },
]

[[facts]]
name = "ces_dc_band"
kind = "code"
zh = "CES-DC最近有效分级"
en = "latest valid CES-DC band"
sentence_zh = "CES-DC最近有效筛查（{date}）：{value}"
sentence_en = "latest valid CES-DC ({date}): {value}"
risk = "codes"
risky = ["high"]
asks = ["valid_screen"]
window = "screen_valid_months"
codes = [
  { code = "no_scale", zh = "未做此量表", en = "scale not taken" },
  { code = "low", zh = "未达阳性划界", en = "below the cut-off" },
  { code = "high", zh = "达到阳性划界", en = "at or above the cut-off" },
]

[[facts]]
name = "sdq_informant"
kind = "code"
vocabulary = "informant"
none_zh = "未做此量表"
none_en = "scale not taken"
zh = "SDQ最近有效筛查的填答人"
en = "who answered the latest valid SDQ"
sentence_zh = "SDQ最近有效筛查（{date}）填答人：{value}"
sentence_en = "latest valid SDQ ({date}), answered by: {value}"
risk = "none"
asks = ["valid_screen"]
window = "screen_valid_months"

[[facts]]
name = "sdq_norm_set"
kind = "code"
vocabulary = "norm_set"
none_zh = "未做此量表"
none_en = "scale not taken"
zh = "SDQ最近有效筛查的常模"
en = "norm set of the latest valid SDQ"
sentence_zh = "SDQ最近有效筛查（{date}）常模：{value}"
sentence_en = "latest valid SDQ ({date}), norm set: {value}"
risk = "none"
asks = ["valid_screen"]
window = "screen_valid_months"

[[facts]]
name = "days_since_screen"
kind = "number"
unit = "days"
zh = "距最近筛查天数"
en = "days since the last screen"
sentence_zh = "最近一次心理筛查在{date}，已{number}天"
sentence_en = "the last screen was on {date}, {number} days ago"
risk = "higher"
window = "now"
never_stale_zh = "天数随日期增长"
never_stale_en = "the count grows with the days"

[[facts]]
name = "open_referral"
kind = "flag"
zh = "转介未闭环"
en = "referral not closed"
sentence_zh = "{date}决定转介，尚无结果反馈"
sentence_en = "referred on {date}, and no outcome has come back"
risk = "none"
window = "now"
never_stale_zh = "收到结果以前一直有效"
never_stale_en = "it stands until the outcome comes back"
*/
-- Only the SDQ has informants and norm sets: the other scales are answered by the child and have one cut-off.
-- Without any valid screen in the window what a valid one would have shown is "not known", not "negative".
SELECT
  child.child_id,
  crisis.child_id IS NOT NULL AS open_crisis,
  crisis.found_on AS open_crisis__since,
  crisis.record AS open_crisis__record,
  severe.child_id IS NOT NULL AS severe_unseen,
  severe.judged_on AS severe_unseen__since,
  severe.record AS severe_unseen__record,
  judged.child_id IS NOT NULL AS judged_severe,
  judged.judged_on AS judged_severe__since,
  judged.record AS judged_severe__record,
  CASE
    WHEN state.n_valid > 0 THEN 'valid'
    WHEN state.n_screens > 0 THEN 'void_only'
    ELSE 'none'
  END AS screen_state,
  state.last_on AS screen_state__since,
  state.record AS screen_state__record,
  CASE WHEN state.n_valid > 0 THEN TRUE END AS valid_screen,
  state.last_on AS valid_screen__since,
  state.record AS valid_screen__record,
  CASE WHEN positive.child_id IS NOT NULL THEN TRUE WHEN state.n_valid > 0 THEN FALSE END
    AS positive_without_second,
  positive.first_on AS positive_without_second__since,
  positive.record AS positive_without_second__record,
  COALESCE(second.second_outcome = 'watch', FALSE) AS second_watch,
  second.judged_on AS second_watch__since,
  second.record AS second_watch__record,
  CASE WHEN state.n_valid > 0 THEN COALESCE(sdq.band, 'no_scale') END AS sdq_band,
  sdq.screened_on AS sdq_band__since,
  sdq.record AS sdq_band__record,
  CASE WHEN state.n_valid > 0 THEN COALESCE(mht.band, 'no_scale') END AS mht_band,
  mht.screened_on AS mht_band__since,
  mht.record AS mht_band__record,
  CASE WHEN state.n_valid > 0 THEN COALESCE(phq.band, 'no_scale') END AS phq_band,
  phq.screened_on AS phq_band__since,
  phq.record AS phq_band__record,
  CASE WHEN state.n_valid > 0 THEN COALESCE(ces_dc.band, 'no_scale') END AS ces_dc_band,
  ces_dc.screened_on AS ces_dc_band__since,
  ces_dc.record AS ces_dc_band__record,
  CASE WHEN state.n_valid > 0 AND sdq.child_id IS NULL THEN 'none' ELSE sdq.informant END AS sdq_informant,
  sdq.screened_on AS sdq_informant__since,
  sdq.record AS sdq_informant__record,
  CASE WHEN state.n_valid > 0 AND sdq.child_id IS NULL THEN 'none' ELSE sdq.norm_set END AS sdq_norm_set,
  sdq.screened_on AS sdq_norm_set__since,
  sdq.record AS sdq_norm_set__record,
  days_between(ever.last_on, day.on_day) AS days_since_screen,
  ever.last_on AS days_since_screen__since,
  ever.record AS days_since_screen__record,
  CASE WHEN referral.child_id IS NOT NULL THEN TRUE WHEN referrals.is_at_hand THEN FALSE END AS open_referral,
  referral.decided_on AS open_referral__since,
  referral.record AS open_referral__record
FROM known_child AS child
CROSS JOIN fact_day AS day
CROSS JOIN (SELECT COUNT(*) > 0 AS is_at_hand FROM psych_referral AS listed) AS referrals
LEFT JOIN (
  SELECT
    flagged.child_id,
    MIN(COALESCE(day_of(flagged.crisis_found_at), flagged.screened_on)) AS found_on,
    record_of_first(flagged.record, COALESCE(day_of(flagged.crisis_found_at), flagged.screened_on)) AS record
  FROM psych_screen AS flagged
  CROSS JOIN fact_day AS today
  WHERE flagged.crisis_flag
    AND flagged.screened_on <= today.on_day
    AND (flagged.crisis_closed_on IS NULL OR flagged.crisis_closed_on > today.on_day)
  GROUP BY flagged.child_id
) AS crisis ON crisis.child_id = child.child_id
LEFT JOIN (
  SELECT
    judged.child_id,
    MAX(judged.judged_on) AS judged_on,
    record_of_last(judged.record, judged.judged_on) AS record
  FROM second_assessment AS judged
  LEFT JOIN psych_referral AS seen
    ON seen.child_id = judged.child_id
    AND seen.first_seen_on >= judged.judged_on
    AND seen.first_seen_on <= judged.on_day
  WHERE judged.second_outcome = 'severe' AND seen.child_id IS NULL
  GROUP BY judged.child_id
) AS severe ON severe.child_id = child.child_id
LEFT JOIN (
  SELECT
    found.child_id,
    MAX(found.judged_on) AS judged_on,
    record_of_last(found.record, found.judged_on) AS record
  FROM second_assessment AS found
  WHERE found.second_outcome = 'severe'
  GROUP BY found.child_id
) AS judged ON judged.child_id = child.child_id
LEFT JOIN (
  SELECT
    recent.child_id,
    COUNT(*) AS n_screens,
    SUM(CASE WHEN recent.band IS NOT NULL THEN 1 ELSE 0 END) AS n_valid,
    MAX(recent.screened_on) AS last_on,
    record_of_last(recent.record, recent.screened_on) AS record
  FROM banded_screen AS recent
  WHERE recent.is_recent
  GROUP BY recent.child_id
) AS state ON state.child_id = child.child_id
LEFT JOIN (
  SELECT
    found.child_id,
    MIN(found.screened_on) AS first_on,
    record_of_first(found.record, found.screened_on) AS record
  FROM banded_screen AS found
  WHERE found.is_recent AND found.is_positive AND NOT found.has_second
  GROUP BY found.child_id
) AS positive ON positive.child_id = child.child_id
LEFT JOIN (
  SELECT
    latest.child_id,
    latest.second_outcome,
    latest.judged_on,
    latest.record,
    ROW_NUMBER() OVER (
      PARTITION BY latest.child_id ORDER BY latest.judged_on DESC, latest.record DESC
    ) AS place
  FROM second_assessment AS latest
) AS second ON second.child_id = child.child_id AND second.place = 1
LEFT JOIN latest_band AS sdq ON sdq.child_id = child.child_id AND sdq.scale = 'SDQ'
LEFT JOIN latest_band AS mht ON mht.child_id = child.child_id AND mht.scale = 'MHT'
LEFT JOIN latest_band AS phq ON phq.child_id = child.child_id AND phq.scale = 'PHQ'
LEFT JOIN latest_band AS ces_dc ON ces_dc.child_id = child.child_id AND ces_dc.scale = 'CES_DC'
LEFT JOIN (
  SELECT
    taken.child_id,
    MAX(taken.screened_on) AS last_on,
    record_of_last(taken.record, taken.screened_on) AS record
  FROM banded_screen AS taken
  GROUP BY taken.child_id
) AS ever ON ever.child_id = child.child_id
LEFT JOIN (
  SELECT
    sent.child_id,
    MIN(sent.decided_on) AS decided_on,
    record_of_first(sent.record, sent.decided_on) AS record
  FROM psych_referral AS sent
  CROSS JOIN fact_day AS today
  WHERE sent.decided_on <= today.on_day
    AND (sent.returned_on IS NULL OR sent.returned_on > today.on_day)
  GROUP BY sent.child_id
) AS referral ON referral.child_id = child.child_id
