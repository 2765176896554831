/* The latest valid recent screen of each scale; of several informants on one day the most worrying. */
SELECT
  ranked.child_id,
  ranked.scale,
  ranked.band,
  ranked.informant,
  ranked.norm_set,
  ranked.screened_on,
  ranked.record
FROM (
  SELECT
    valid.child_id,
    valid.scale,
    valid.band,
    valid.informant,
    valid.norm_set,
    valid.screened_on,
    valid.record,
    ROW_NUMBER() OVER (
      PARTITION BY valid.child_id, valid.scale
      ORDER BY
        valid.screened_on DESC,
        CASE valid.band
          WHEN 'severe' THEN 4 WHEN 'positive' THEN 3 WHEN 'high' THEN 3 WHEN 'middle' THEN 2
          WHEN 'mild' THEN 2 ELSE 1
        END DESC,
        valid.record
    ) AS place
  FROM banded_screen AS valid
  WHERE valid.is_recent AND valid.band IS NOT NULL
) AS ranked
WHERE ranked.place = 1
