/*
zh = "健康"
en = "Health"
clause = "未保法21"
tables = ["known_child", "health"]

[[facts]]
name = "disability"
kind = "flag"
zh = "残疾"
en = "disability"
sentence_zh = "台账记录有残疾（记录日期{date}）"
sentence_en = "a disability is recorded (recorded {date})"
risk = "higher"
window = "now"
stale_after_days = "ledger_answer_stale_days"
not_in_cards_zh = "残疾本身不作计分项"
not_in_cards_en = "disability as such is not scored"

[[facts]]
name = "chronic_disease"
kind = "flag"
zh = "慢性病或重病"
en = "chronic or serious disease"
sentence_zh = "台账记录有慢性病或重病（记录日期{date}）"
sentence_en = "a chronic or serious disease is recorded (recorded {date})"
risk = "higher"
window = "now"
stale_after_days = "ledger_answer_stale_days"

[[facts]]
name = "special_care"
kind = "flag"
zh = "需要特别照顾"
en = "needs special care"
sentence_zh = "台账记录有残疾或慢性病、重病，需要特别照顾（记录日期{date}）"
sentence_en = "a disability or a chronic disease is recorded: needs special care (recorded {date})"
risk = "higher"
asks = ["disability", "chronic_disease"]
window = "now"
stale_after_days = "ledger_answer_stale_days"
not_in_cards_zh = "残疾本身不作计分项"
not_in_cards_en = "disability as such is not scored"

[[facts]]
name = "disability_degree"
kind = "code"
zh = "残疾程度"
en = "degree of disability"
sentence_zh = "残疾程度：{value}（记录日期{date}）"
sentence_en = "degree of disability: {value} (recorded {date})"
risk = "codes"
risky = ["slight", "middling", "severe"]
window = "now"
stale_after_days = "ledger_answer_stale_days"
not_in_cards_zh = "残疾本身不作计分项"
not_in_cards_en = "disability as such is not scored"
codes = [
  { code = "none", zh = "无", en = "none" },
  { code = "slight", zh = "轻", en = "slight" },
  { code = "middling", zh = "中", en = "middling" },
  { code = "severe", zh = "重", en = "severe" },
]

[[facts]]
name = "insured"
kind = "flag"
zh = "参加医保"
en = "insured"
sentence_zh = "已参加医保（记录日期{date}）"
sentence_en = "covered by the medical insurance (recorded {date})"
risk = "lower"
window = "now"
stale_after_days = "ledger_answer_stale_days"
*/
-- "None" expires with the ledger's row; what is recorded stands until somebody corrects it.  A degree is read from kind
-- and grade as the village writes them (听力二级); without both it is not known.
SELECT
  child.child_id,
  CASE WHEN body.disability OR body.is_current THEN body.disability END AS disability,
  body.stated_on AS disability__since,
  body.record AS disability__record,
  CASE WHEN body.chronic_disease OR body.is_current THEN body.chronic_disease END AS chronic_disease,
  body.stated_on AS chronic_disease__since,
  body.record AS chronic_disease__record,
  CASE
    WHEN body.disability OR body.chronic_disease THEN TRUE
    WHEN body.is_current THEN body.disability OR body.chronic_disease
  END AS special_care,
  body.stated_on AS special_care__since,
  body.record AS special_care__record,
  CASE
    WHEN NOT body.disability THEN CASE WHEN body.is_current THEN 'none' END
    WHEN body.kind IN ('智力', '精神') AND body.grade IN ('一级', '二级', '三级', '四级') THEN 'severe'
    WHEN body.kind = '视力' AND body.grade = '一级' OR body.kind = '肢体' AND body.grade IN ('一级', '二级')
      THEN 'severe'
    WHEN body.kind = '视力' AND body.grade IN ('二级', '三级') OR body.kind = '肢体' AND body.grade = '三级'
      OR body.kind IN ('听力', '言语') AND body.grade IN ('一级', '二级') THEN 'middling'
    WHEN body.kind IN ('视力', '肢体') AND body.grade = '四级'
      OR body.kind IN ('听力', '言语') AND body.grade IN ('三级', '四级') THEN 'slight'
  END AS disability_degree,
  body.stated_on AS disability_degree__since,
  body.record AS disability_degree__record,
  CASE WHEN NOT body.insured OR body.is_current THEN body.insured END AS insured,
  body.stated_on AS insured__since,
  body.record AS insured__record
FROM known_child AS child
LEFT JOIN (
  SELECT
    noted.child_id,
    noted.disability NOT IN ('无', '没有', '否', '無') AS disability,
    SUBSTRING(noted.disability, 1, 2) AS kind,
    SUBSTRING(noted.disability, 3, 2) AS grade,
    noted.chronic_disease NOT IN ('无', '没有', '否', '無') AS chronic_disease,
    noted.insured,
    COALESCE(file.stated_on, noted.known_on) AS stated_on,
    NOT COALESCE(file.is_stale, FALSE) AS is_current,
    noted.record
  FROM health AS noted
  LEFT JOIN ledger_file AS file ON file.child_id = noted.child_id
) AS body ON body.child_id = child.child_id
