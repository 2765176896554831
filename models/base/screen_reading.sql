/* Each screen read by its scale's own rules: `reading` is void (lie scale, out of age or range), not_banded (no
   informant or norm set), validity_unknown (no lie score), negative, middle or positive; `valid` where it can be read at all.
   Source of the cut-offs: the scales' manuals, dated in parameters/mind.toml. */
WITH aged AS (
  SELECT s.child_id, s.scale, s.screened_on, s.informant, s.norm_set, s.total, s.lie_score, s.highest_content,
    s.crisis_flag, s.crisis_found_at, s.crisis_acted_at, s.crisis_closed_on, s.second_on, s.second_outcome,
    s.record, s.invalid, k.village_code, age_on(k.birth_date, s.screened_on) AS age_years,
    g.grade
  FROM psych_screen AS s
  JOIN known_child AS k ON k.child_id = s.child_id
  LEFT JOIN (SELECT child_id, MAX(grade) AS grade FROM schooling WHERE source = 'school' GROUP BY child_id) AS g
    ON g.child_id = s.child_id
),
latest AS (SELECT MAX(on_day) AS on_day FROM snapshot_day),
ruled AS (
  SELECT a.child_id, a.scale, a.screened_on, a.informant, a.norm_set, a.total, a.lie_score, a.highest_content,
    a.crisis_flag, a.crisis_found_at, a.crisis_acted_at, a.crisis_closed_on, a.second_on, a.second_outcome,
    a.record, a.invalid, a.village_code, a.age_years,
    CASE a.scale WHEN 'SDQ' THEN p.sdq_total_max WHEN 'MHT' THEN p.mht_total_max
                 WHEN 'PHQ' THEN p.phq_total_max ELSE p.ces_dc_total_max END AS total_max,
    CASE WHEN a.scale = 'SDQ' AND a.informant = 'self' THEN p.sdq_self_age_from_years
         WHEN a.scale = 'SDQ' THEN p.sdq_age_from_years
         WHEN a.scale = 'PHQ' THEN p.phq_age_from_years
         WHEN a.scale = 'CES_DC' THEN p.ces_dc_age_from_years END AS age_from,
    CASE a.scale WHEN 'SDQ' THEN p.sdq_age_to_years WHEN 'PHQ' THEN p.phq_age_to_years
                 WHEN 'CES_DC' THEN p.ces_dc_age_to_years END AS age_to,
    CASE WHEN a.scale = 'PHQ' THEN p.phq_mild
         WHEN a.scale = 'SDQ' AND a.norm_set = 'three_band' AND a.informant = 'parent' THEN p.sdq_three_band_parent_middle
         WHEN a.scale = 'SDQ' AND a.norm_set = 'three_band' AND a.informant = 'teacher' THEN p.sdq_three_band_teacher_middle
         WHEN a.scale = 'SDQ' AND a.norm_set = 'three_band' AND a.informant = 'self' THEN p.sdq_three_band_self_middle
         WHEN a.scale = 'SDQ' AND a.norm_set = 'four_band' AND a.informant = 'parent' THEN p.sdq_four_band_parent_middle
         WHEN a.scale = 'SDQ' AND a.norm_set = 'four_band' AND a.informant = 'teacher' THEN p.sdq_four_band_teacher_middle
         WHEN a.scale = 'SDQ' AND a.norm_set = 'four_band' AND a.informant = 'self' THEN p.sdq_four_band_self_middle
    END AS middle_from,
    CASE WHEN a.scale = 'PHQ' THEN p.phq_positive
         WHEN a.scale = 'CES_DC' THEN p.ces_dc_positive
         WHEN a.scale = 'MHT' THEN p.mht_total_high
         WHEN a.scale = 'SDQ' AND a.norm_set = 'three_band' AND a.informant = 'parent' THEN p.sdq_three_band_parent_high
         WHEN a.scale = 'SDQ' AND a.norm_set = 'three_band' AND a.informant = 'teacher' THEN p.sdq_three_band_teacher_high
         WHEN a.scale = 'SDQ' AND a.norm_set = 'three_band' AND a.informant = 'self' THEN p.sdq_three_band_self_high
         WHEN a.scale = 'SDQ' AND a.norm_set = 'four_band' AND a.informant = 'parent' THEN p.sdq_four_band_parent_high
         WHEN a.scale = 'SDQ' AND a.norm_set = 'four_band' AND a.informant = 'teacher' THEN p.sdq_four_band_teacher_high
         WHEN a.scale = 'SDQ' AND a.norm_set = 'four_band' AND a.informant = 'self' THEN p.sdq_four_band_self_high
    END AS high_from,
    p.mht_lie_void, p.mht_content_high, a.grade
  FROM aged AS a
  CROSS JOIN latest AS d
  JOIN snapshot_day AS p ON p.on_day = d.on_day
),
read AS (
  SELECT child_id, scale, screened_on, informant, norm_set, total, lie_score, highest_content,
    crisis_flag, crisis_found_at, crisis_acted_at, crisis_closed_on, second_on, second_outcome,
    record, invalid, village_code, age_years,
    CASE WHEN total IS NULL OR total < 0 OR total > total_max THEN 'void'
         WHEN scale = 'MHT' AND lie_score >= mht_lie_void THEN 'void'
         WHEN age_years < age_from OR age_years > age_to THEN 'void'
         WHEN scale = 'MHT' AND grade IN ('kindergarten_1', 'kindergarten_2', 'kindergarten_3',
                                          'primary_1', 'primary_2', 'primary_3') THEN 'void'
         WHEN scale = 'MHT' AND lie_score IS NULL THEN 'validity_unknown'
         WHEN high_from IS NULL THEN 'not_banded'
         WHEN total >= high_from THEN 'positive'
         WHEN scale = 'MHT' AND highest_content >= mht_content_high THEN 'positive'
         WHEN total >= middle_from THEN 'middle'
         ELSE 'negative' END AS reading
  FROM ruled
)
SELECT child_id, scale, screened_on, informant, norm_set, total, lie_score, highest_content,
  crisis_flag, crisis_found_at, crisis_acted_at, crisis_closed_on, second_on, second_outcome,
  record, invalid, village_code, age_years, reading,
  reading IN ('negative', 'middle', 'positive') AS valid
FROM read
