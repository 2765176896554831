/* Concerns with the day on which the office learned of them.  The name of that column is read from the contract,
   because `known_on` is also the models' second clock. */
SELECT
  reported.child_id,
  reported.situation,
  reported.{concern_known_column} AS aware_on,
  reported.closed_on,
  reported.record
FROM concern AS reported
