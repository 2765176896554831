/*
zh = "四色评估表另读的台账内容"
en = "What the four-colour form reads beside the facts"
clause = "国发2016-13"
tables = ["known_child", "relation", "health", "learning_support", "concern", "psych_screen"]

[[facts]]
name = "carer_duty"
kind = "code"
vocabulary = "duty"
zh = "履职情况"
en = "performance of the duty"
sentence_zh = "履职情况：{value}（记录日期{date}）"
sentence_en = "performance of the duty: {value} (recorded {date})"
risk = "codes"
risky = ["not_performed"]
window = "now"

[[facts]]
name = "disability_degree"
kind = "code"
zh = "残疾程度"
en = "degree of disability"
sentence_zh = "残疾程度：{value}"
sentence_en = "degree of disability: {value}"
risk = "codes"
risky = ["slight", "middling", "severe"]
window = "now"
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
sentence_zh = "参加医保"
sentence_en = "insured"
risk = "lower"
window = "now"

[[facts]]
name = "learning_difficulty"
kind = "flag"
zh = "学困（最近学期）"
en = "learning difficulty (latest term)"
sentence_zh = "学校登记为学困"
sentence_en = "the school notes a learning difficulty"
risk = "higher"
window = "now"

[[facts]]
name = "bullied"
kind = "flag"
zh = "未办结的欺凌反馈"
en = "an open report of bullying"
sentence_zh = "{date}知悉受欺凌，尚未办结"
sentence_en = "bullying known since {date}, not closed"
risk = "higher"
window = "now"

[[facts]]
name = "excessive_internet"
kind = "flag"
zh = "未办结的沉迷网络反馈"
en = "an open report of excessive internet use"
sentence_zh = "{date}知悉沉迷网络，尚未办结"
sentence_en = "excessive internet use known since {date}, not closed"
risk = "higher"
window = "now"

[[facts]]
name = "judged_severe"
kind = "flag"
zh = "复评严重"
en = "judged severe"
sentence_zh = "复评结论为严重（{date}）"
sentence_en = "judged severe in the second assessment ({date})"
risk = "higher"
window = "severe_valid_months"
*/
-- A degree is read from kind and grade as the village writes them (听力二级); without both it is not known.  Where no
-- report of bullying or internet use is open nothing is known: nobody asked.
SELECT
  child.child_id,
  CASE WHEN duty.failed THEN 'not_performed' WHEN duty.kept THEN 'performed' END AS carer_duty,
  duty.since AS carer_duty__since,
  duty.record AS carer_duty__record,
  CASE
    WHEN body.grade = '无' THEN 'none'
    WHEN body.kind IN ('智力', '精神') AND body.grade IN ('一级', '二级', '三级', '四级') THEN 'severe'
    WHEN body.kind = '视力' AND body.grade = '一级' OR body.kind = '肢体' AND body.grade IN ('一级', '二级')
      THEN 'severe'
    WHEN body.kind = '视力' AND body.grade IN ('二级', '三级') OR body.kind = '肢体' AND body.grade = '三级'
      OR body.kind IN ('听力', '言语') AND body.grade IN ('一级', '二级') THEN 'middling'
    WHEN body.kind IN ('视力', '肢体') AND body.grade = '四级'
      OR body.kind IN ('听力', '言语') AND body.grade IN ('三级', '四级') THEN 'slight'
  END AS disability_degree,
  body.known_on AS disability_degree__since,
  body.record AS disability_degree__record,
  body.insured,
  body.known_on AS insured__since,
  body.record AS insured__record,
  study.flagged AS learning_difficulty,
  study.known_on AS learning_difficulty__since,
  study.record AS learning_difficulty__record,
  CASE WHEN bullying.child_id IS NOT NULL THEN TRUE END AS bullied,
  bullying.aware_on AS bullied__since,
  bullying.record AS bullied__record,
  CASE WHEN internet.child_id IS NOT NULL THEN TRUE END AS excessive_internet,
  internet.aware_on AS excessive_internet__since,
  internet.record AS excessive_internet__record,
  CASE WHEN severe.child_id IS NOT NULL THEN TRUE END AS judged_severe,
  severe.judged_on AS judged_severe__since,
  severe.record AS judged_severe__record
FROM (SELECT DISTINCT listed.child_id FROM screening AS listed) AS child
LEFT JOIN (
  SELECT
    carer.child_id,
    carer.duty = 'not_performed' AND (carer.duty_failed_since IS NULL OR carer.duty_failed_since <= day.on_day)
      AS failed,
    carer.duty = 'performed' AND NOT file.is_stale AS kept,
    COALESCE(carer.duty_failed_since, file.stated_on) AS since,
    file.row_record AS record
  FROM ledger_carer AS carer
  CROSS JOIN fact_day AS day
  JOIN ledger_file AS file ON file.child_id = carer.child_id AND NOT file.is_ended
) AS duty ON duty.child_id = child.child_id
LEFT JOIN (
  SELECT
    noted.child_id,
    SUBSTRING(noted.disability, 1, 2) AS kind,
    CASE
      WHEN noted.disability IN ('无', '没有', '否', '無') THEN '无' ELSE SUBSTRING(noted.disability, 3, 2)
    END AS grade,
    noted.insured,
    noted.known_on,
    noted.record
  FROM health AS noted
) AS body ON body.child_id = child.child_id
LEFT JOIN (
  SELECT
    noted.child_id,
    noted.flagged,
    noted.known_on,
    noted.record,
    ROW_NUMBER() OVER (PARTITION BY noted.child_id ORDER BY noted.term DESC, noted.record DESC) AS place
  FROM learning_support AS noted
  WHERE noted.flagged IS NOT NULL
) AS study ON study.child_id = child.child_id AND study.place = 1
LEFT JOIN (
  SELECT
    noted.child_id,
    MIN(noted.aware_on) AS aware_on,
    MIN(noted.record) AS record
  FROM reported_concern AS noted
  CROSS JOIN fact_day AS day
  WHERE noted.situation = 'bullying' AND noted.aware_on <= day.on_day
    AND (noted.closed_on IS NULL OR noted.closed_on > day.on_day)
  GROUP BY noted.child_id
) AS bullying ON bullying.child_id = child.child_id
LEFT JOIN (
  SELECT
    noted.child_id,
    MIN(noted.aware_on) AS aware_on,
    MIN(noted.record) AS record
  FROM reported_concern AS noted
  CROSS JOIN fact_day AS day
  WHERE noted.situation = 'internet' AND noted.aware_on <= day.on_day
    AND (noted.closed_on IS NULL OR noted.closed_on > day.on_day)
  GROUP BY noted.child_id
) AS internet ON internet.child_id = child.child_id
LEFT JOIN (
  SELECT
    judged.child_id,
    MAX(judged.judged_on) AS judged_on,
    MAX(judged.record) AS record
  FROM second_assessment AS judged
  WHERE judged.second_outcome = 'severe'
  GROUP BY judged.child_id
) AS severe ON severe.child_id = child.child_id
