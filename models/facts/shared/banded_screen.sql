/* Every screen with its band.  `band` is null where the answers are void or cannot be banded: an SDQ total
   without informant or norm set, an MHT with a high or missing lie score, a total that is missing or out of
   range, an SDQ self-report below its age.  Never read a null band as negative. */
SELECT
  banded.child_id,
  banded.scale,
  banded.informant,
  banded.screened_on,
  banded.record,
  banded.band,
  banded.is_recent,
  banded.has_second,
  COALESCE(banded.band IN ('high', 'positive', 'severe'), FALSE) AS is_positive
FROM (
  SELECT
    screen.child_id,
    screen.scale,
    screen.informant,
    screen.screened_on,
    screen.record,
    months_between(screen.screened_on, day.on_day) < day.screen_valid_months AS is_recent,
    COALESCE(screen.second_on <= day.on_day, screen.second_outcome IS NOT NULL) AS has_second,
    CASE
      WHEN screen.total IS NULL OR screen.total < 0 THEN CAST(NULL AS VARCHAR)
      WHEN screen.scale = 'SDQ' AND screen.total <= day.sdq_total_max AND NOT (
        screen.informant = 'self'
        AND COALESCE(age_on(child.birth_date, screen.screened_on) < day.sdq_self_age_from_years, FALSE)
      ) THEN CASE
        WHEN screen.norm_set = 'three_band' AND screen.informant = 'parent' THEN CASE
          WHEN screen.total >= day.sdq_three_band_parent_high THEN 'high'
          WHEN screen.total >= day.sdq_three_band_parent_middle THEN 'middle'
          ELSE 'low'
        END
        WHEN screen.norm_set = 'three_band' AND screen.informant = 'teacher' THEN CASE
          WHEN screen.total >= day.sdq_three_band_teacher_high THEN 'high'
          WHEN screen.total >= day.sdq_three_band_teacher_middle THEN 'middle'
          ELSE 'low'
        END
        WHEN screen.norm_set = 'three_band' AND screen.informant = 'self' THEN CASE
          WHEN screen.total >= day.sdq_three_band_self_high THEN 'high'
          WHEN screen.total >= day.sdq_three_band_self_middle THEN 'middle'
          ELSE 'low'
        END
        WHEN screen.norm_set = 'four_band' AND screen.informant = 'parent' THEN CASE
          WHEN screen.total >= day.sdq_four_band_parent_high THEN 'high'
          WHEN screen.total >= day.sdq_four_band_parent_middle THEN 'middle'
          ELSE 'low'
        END
        WHEN screen.norm_set = 'four_band' AND screen.informant = 'teacher' THEN CASE
          WHEN screen.total >= day.sdq_four_band_teacher_high THEN 'high'
          WHEN screen.total >= day.sdq_four_band_teacher_middle THEN 'middle'
          ELSE 'low'
        END
        WHEN screen.norm_set = 'four_band' AND screen.informant = 'self' THEN CASE
          WHEN screen.total >= day.sdq_four_band_self_high THEN 'high'
          WHEN screen.total >= day.sdq_four_band_self_middle THEN 'middle'
          ELSE 'low'
        END
      END
      WHEN screen.scale = 'MHT' AND screen.total <= day.mht_total_max AND screen.lie_score < day.mht_lie_void
        THEN CASE
          WHEN screen.total >= day.mht_total_high OR screen.highest_content >= day.mht_content_high THEN 'high'
          ELSE 'low'
        END
      WHEN screen.scale = 'PHQ' AND screen.total <= day.phq_total_max THEN CASE
        WHEN screen.total >= day.phq_severe THEN 'severe'
        WHEN screen.total >= day.phq_positive THEN 'positive'
        WHEN screen.total >= day.phq_mild THEN 'mild'
        ELSE 'low'
      END
      WHEN screen.scale = 'CES_DC' AND screen.total <= day.ces_dc_total_max THEN CASE
        WHEN screen.total >= day.ces_dc_positive THEN 'high'
        ELSE 'low'
      END
    END AS band
  FROM psych_screen AS screen
  CROSS JOIN fact_day AS day
  LEFT JOIN known_child AS child ON child.child_id = screen.child_id
  WHERE screen.screened_on <= day.on_day
) AS banded
