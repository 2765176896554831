/*
code = "I8"
title = { zh = "联系电话可用率", en = "Telephone numbers that work" }
question = { zh = "照护人和父母的电话打得通吗？", en = "Can the carer and a parent be reached by telephone?" }
counted = { zh = "照护人和父母的电话在期限内都核实打通的", en = "both numbers answered when they were last checked, within the limit" }
out_of = { zh = "期末在册的留守儿童；父母都已去世、服刑、失联的只看照护人", en = "left-behind children on a list at the period's end; where both parents are gone, the carer's number alone" }
excluded = { zh = "资格不成立或待核实的儿童；不在任何名单上的；超过期限的核实不算", en = "children not, or not yet, established as left-behind; children on no list; checks older than the limit do not count" }
unknown = { zh = "核实了但没有记是否打通", en = "checked, but whether it answered was not recorded" }
clause = "五·1"
owner = { zh = "村", en = "village" }
period = "quarter"
kind = "share"
unit = "share"
better = "higher"
disclosure = "work"
subject = "child"
needs = ["enrolment_episode", "phone_check"]
parameters = ["phone_verified_months"]
partner = ["I4"]
author = "守护 Shouhu"
reviewed_on = 2026-11-24
*/
WITH checked AS (
  SELECT p.period, c.child_id, c.whose, c.record,
    CASE WHEN p.snapshot_on > add_months(c.checked_on, p.phone_verified_months) THEN 'no'
         WHEN c.reachable THEN 'yes' WHEN c.reachable = FALSE THEN 'no' ELSE 'unknown' END AS works,
    ROW_NUMBER() OVER (PARTITION BY p.period, c.child_id, c.whose ORDER BY c.checked_on DESC) AS place
  FROM period AS p
  JOIN phone_check AS c ON c.checked_on <= p.snapshot_on
  WHERE p.kind = 'quarter'
),
number AS (
  SELECT q.child_id, p.period, q.village_code, COALESCE(c.record, r.record, q.record) AS record,
    COALESCE(c.works, 'no') AS carer, COALESCE(r.works, 'no') AS parent
  FROM period AS p
  JOIN population AS q ON q.on_day = p.snapshot_on AND q.eligibility = 'yes' AND q.listed
  LEFT JOIN checked AS c ON c.period = p.period AND c.child_id = q.child_id AND c.whose = 'carer' AND c.place = 1
  LEFT JOIN checked AS r ON r.period = p.period AND r.child_id = q.child_id AND r.whose = 'parent' AND r.place = 1
  WHERE p.kind = 'quarter'
)
SELECT period, village_code AS area, child_id AS subject,
  CASE WHEN carer = 'no' OR parent = 'no' THEN 'no' WHEN carer = 'unknown' OR parent = 'unknown' THEN 'unknown' ELSE 'yes' END AS outcome,
  record
FROM number
