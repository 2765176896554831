/* Reported problems that are open on the day, each with the day on which the office learned of it.  A situation on the
   list of nine is mandatory even where the box "mandatory" was ticked "no".  The name of the column with that day is
   read from the contract, because `known_on` is also the models' second clock. */
SELECT
  reported.child_id,
  reported.situation,
  listed.mandatory,
  reported.{concern_known_column} AS aware_on,
  reported.source = 'village' AND (reported.acted_on IS NULL OR reported.acted_on > day.on_day) AS is_village_waiting,
  reported.record
FROM concern AS reported
CROSS JOIN fact_day AS day
JOIN code_list AS listed ON listed.vocabulary = 'situation' AND listed.code = reported.situation
WHERE reported.{concern_known_column} <= day.on_day
  AND (reported.closed_on IS NULL OR reported.closed_on > day.on_day)
