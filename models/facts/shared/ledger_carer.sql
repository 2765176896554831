/* The carer as the village ledger gives them.  The name of the column with drink, gambling, violence and drugs is read from the contract, because the contract's `record` and the models' `record` (where a row stands) must not be mixed up. */
SELECT
  adult.child_id,
  adult.relation_to_child,
  adult.adult_birth_date,
  adult.capacity,
  adult.{carer_record_column} AS conduct,
  adult.duty,
  adult.duty_failed_since
FROM relation AS adult
WHERE adult.role = 'carer' AND adult.source = 'village'
