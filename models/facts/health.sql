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
not_in_cards_zh = "残疾本身不作计分项"
not_in_cards_en = "disability as such is not scored"
*/
SELECT
  child.child_id,
  condition.disability,
  COALESCE(file.stated_on, condition.known_on) AS disability__since,
  condition.record AS disability__record,
  condition.chronic_disease,
  COALESCE(file.stated_on, condition.known_on) AS chronic_disease__since,
  condition.record AS chronic_disease__record,
  condition.disability OR condition.chronic_disease AS special_care,
  COALESCE(file.stated_on, condition.known_on) AS special_care__since,
  condition.record AS special_care__record
FROM known_child AS child
LEFT JOIN ledger_file AS file ON file.child_id = child.child_id
LEFT JOIN (
  SELECT
    recorded.child_id,
    recorded.disability NOT IN ('无', '没有', '否', '無') AS disability,
    recorded.chronic_disease NOT IN ('无', '没有', '否', '無') AS chronic_disease,
    recorded.known_on,
    recorded.record
  FROM health AS recorded
) AS condition ON condition.child_id = child.child_id
