/* Which household each child belongs to: the one of its carer, else the village's own household number. */
SELECT k.child_id, k.village_code,
  COALESCE(h.carer_ref, h.village_code || '/' || h.household_no, k.child_id) AS household_ref,
  h.income_band, h.relief_status, h.record, h.invalid
FROM known_child AS k
LEFT JOIN household AS h ON h.child_id = k.child_id
