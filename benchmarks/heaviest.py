"""The heaviest indicators as somebody who knows the tables would write them in DuckDB's SQL, for the counts alone.

Each query gives `series, period, area, yes, no, unknown`, one row for each child and period or fewer.  They read the
same base tables (`population`, `known_child`, …) as ours.  Which are the heaviest was measured (benchmarks.scale).
"""

from __future__ import annotations

from registry import store

COUNTED = """
CREATE OR REPLACE TABLE hand_{code} AS
SELECT series, CASE WHEN village IS NOT NULL THEN 'village' WHEN township IS NOT NULL THEN 'township'
    ELSE 'district' END AS level, coalesce(village, township, district) AS area, period,
  coalesce(sum(yes), 0) AS yes, coalesce(sum(no), 0) AS no, coalesce(sum(unknown), 0) AS unknown
FROM (SELECT *, area AS village, area[:9] AS township, area[:6] AS district FROM ({query}))
GROUP BY series, period, GROUPING SETS ((village), (township), (district))
"""
# A query that gives an outcome for each case, counted.
_ONE_EACH = """
SELECT series, period, area, (outcome = 'yes')::INT AS yes, (outcome = 'no')::INT AS no,
  (outcome = 'unknown')::INT AS unknown FROM ({cases})"""

_I1 = """
WITH adult AS (
  SELECT r.child_id,
    sum(CASE WHEN role = 'carer' THEN (relation_to_child IS NOT NULL)::INT
             ELSE (status IS NOT NULL)::INT END
      + CASE WHEN role = 'carer' THEN coalesce(r.capacity IN ('yes', 'no'), false)::INT
             WHEN status = 'away' THEN (since IS NOT NULL)::INT
             WHEN status IN ('home', 'returned') THEN coalesce(r.capacity IN ('yes', 'no'), false)::INT
             ELSE 0 END) AS known,
    sum(if(role = 'carer' OR status IN ('away', 'home', 'returned'), 2, 1)) AS required
  FROM relation r LEFT JOIN parent_migration m ON m.child_id = r.child_id AND m.parent = r.role
  WHERE r.source = 'village' GROUP BY r.child_id), counted AS (
  SELECT k.child_id, unnest(['basic', 'guardian', 'economy', 'study', 'health']) AS series,
    unnest([
      (sex IS NOT NULL)::INT + (birth_date IS NOT NULL)::INT + (ethnicity IS NOT NULL)::INT
        + (residence IS NOT NULL)::INT,
      a.known, (income_band IS NOT NULL)::INT + (relief_status IS NOT NULL)::INT,
      (s.status IS NOT NULL)::INT + if(s.status = 'enrolled', (coalesce(s.org_code, school_name) IS NOT NULL)::INT
        + (grade IS NOT NULL)::INT + (boarding IS NOT NULL)::INT, 0),
      (disability IS NOT NULL)::INT + (chronic_disease IS NOT NULL)::INT + (insured IS NOT NULL)::INT
        + (examined_on IS NOT NULL)::INT]) AS known,
    unnest([4, a.required, 2, if(s.status = 'enrolled', 4, 1), 4]) AS required
  FROM known_child k LEFT JOIN household h USING (child_id) LEFT JOIN health e USING (child_id)
  LEFT JOIN schooling s ON s.child_id = k.child_id AND s.source = 'village'
  LEFT JOIN adult a ON a.child_id = k.child_id)
SELECT c.series, p.period, q.village_code AS area, c.known AS yes, c.required - c.known AS no, 0 AS unknown
FROM population q JOIN period p ON p.kind = 'month' AND p.snapshot_on = q.on_day JOIN counted c USING (child_id)
WHERE q.file_open AND c.required > 0"""

QUERIES = {
    "I1": _I1,
    "I7": _ONE_EACH.format(
        cases="""
  SELECT c.field AS series, p.period, q.village_code AS area,
    CASE WHEN n_stating < 2 THEN 'unknown' WHEN least = most THEN 'yes' ELSE 'no' END AS outcome
  FROM (SELECT child_id, field, count(DISTINCT department) FILTER (value IS NOT NULL) AS n_stating,
      min(value) AS least, max(value) AS most
    FROM stated_value GROUP BY ALL HAVING count(DISTINCT department) >= 2) c
  JOIN population q USING (child_id) JOIN period p ON p.kind = 'quarter' AND p.snapshot_on = q.on_day
  WHERE q.listed"""
    ),
    "C11": _ONE_EACH.format(
        cases="""
  WITH contact AS (
    SELECT child_id, contacted_on FROM contact_log
    UNION ALL SELECT child_id, last_contact_on FROM parent_contact WHERE last_contact_on IS NOT NULL),
  kept AS (SELECT child_id, min(contacted_on) AS since FROM contact_log GROUP BY child_id),
  asked AS (
    SELECT p.period, q.child_id, q.village_code AS area, n, n = 0 AS latest,
      p.snapshot_on - CAST((n + 1) * p.contact_breach_days AS INT) AS after_day,
      p.snapshot_on - CAST(n * p.contact_breach_days AS INT) AS last_day
    FROM population q JOIN period p ON p.kind = 'month' AND p.snapshot_on = q.on_day, range(p.contact_weeks) w(n)
    WHERE q.eligibility = 'yes' AND q.listed),
  week AS (
    SELECT a.*, EXISTS (FROM contact t WHERE t.child_id = a.child_id AND t.contacted_on > a.after_day
      AND t.contacted_on <= a.last_day) AS met FROM asked a)
  SELECT '' AS series, period, area, CASE WHEN bool_and(met) THEN 'yes'
    WHEN bool_or(NOT met AND (k.since <= after_day OR latest AND l.last_contact_on <= after_day)) THEN 'no'
    ELSE 'unknown' END AS outcome
  FROM week LEFT JOIN kept k USING (child_id) LEFT JOIN parent_contact l USING (child_id)
  GROUP BY period, area, child_id"""
    ),
    "E4": """
  WITH pupil AS (
    SELECT p.period, p.absence_percent AS percent, q.village_code AS area, n_expected AS due,
      if(n_unexcused BETWEEN 0 AND n_expected, n_unexcused, NULL) AS missed
    FROM population q JOIN period p ON p.kind = 'month' AND p.snapshot_on = q.on_day
    JOIN attendance a ON a.child_id = q.child_id AND a.month = p.period
    WHERE q.eligibility = 'yes' AND q.listed AND n_expected > 0)
  SELECT '' AS series, period, area, missed AS yes, due - missed AS no, if(missed IS NULL, due, 0) AS unknown FROM pupil
  UNION ALL
  SELECT 'children>=' || percent || '%', period, area, coalesce(100 * missed >= percent * due, false)::INT,
    coalesce(100 * missed < percent * due, false)::INT, (missed IS NULL)::INT FROM pupil""",
    "E2": _ONE_EACH.format(
        cases="""
  WITH study AS (
    SELECT child_id, max(status) FILTER (source = 'village') AS village,
      min(coalesce(registered_on, known_on)) FILTER (source = 'school' AND status = 'enrolled') AS roster_on
    FROM schooling GROUP BY child_id),
  pupil AS (
    SELECT p.period, q.village_code AS area, s.village, coalesce(s.roster_on <= p.snapshot_on, false) AS on_roster
    FROM population q JOIN period p ON p.kind = 'month' AND p.snapshot_on = q.on_day LEFT JOIN study s USING (child_id)
    WHERE q.eligibility = 'yes' AND q.listed
      AND q.age_years BETWEEN p.compulsory_age_from_years AND p.compulsory_age_to_years)
  SELECT 'out_of_school' AS series, period, area, CASE WHEN on_roster THEN 'no'
    WHEN village = 'out_of_school' THEN 'yes' WHEN village IS NULL THEN 'unknown' ELSE 'no' END AS outcome FROM pupil
  UNION ALL
  SELECT 'returned', period, area, if(on_roster, 'yes', 'no') FROM pupil WHERE village = 'out_of_school'"""
    ),
    "I5": """
  SELECT '' AS series, p.period, i.village_code AS area, 1 AS yes, 0 AS no, 0 AS unknown
  FROM (SELECT child_id, other_id, village_code, min(found_on) AS found_on,
      min(resolved_on) FILTER (state <> 'open') AS settled_on FROM identity_pair GROUP BY ALL) i
  JOIN period p ON p.kind = 'month' AND i.found_on <= p.snapshot_on
  WHERE coalesce(i.settled_on > p.snapshot_on, true)
  UNION ALL
  SELECT '', p.period, k.village_code, 0, 1, 0
  FROM (SELECT child_id, min(opened_on) AS opened_on FROM episode GROUP BY child_id) e
  JOIN known_child k USING (child_id) JOIN period p ON p.kind = 'month' AND e.opened_on <= p.snapshot_on
  UNION ALL
  SELECT 'resolved', p.period, i.village_code, coalesce(i.settled_on <= p.snapshot_on, false)::INT,
    coalesce(i.settled_on > p.snapshot_on, true)::INT, 0
  FROM (SELECT child_id, other_id, village_code, min(found_on) AS found_on,
      min(resolved_on) FILTER (state <> 'open') AS settled_on FROM identity_pair GROUP BY ALL) i
  JOIN period p ON p.kind = 'month' AND i.found_on <= p.snapshot_on""",
    "I8": _ONE_EACH.format(
        cases="""
  WITH checked AS (
    SELECT p.period, c.child_id, c.whose, arg_max(CASE
        WHEN p.snapshot_on > CAST(c.checked_on + to_months(p.phone_verified_months) AS DATE) THEN 'no'
        WHEN c.reachable THEN 'yes' WHEN NOT c.reachable THEN 'no' ELSE 'unknown' END, c.checked_on) AS works
    FROM phone_check c JOIN period p ON p.kind = 'quarter' AND c.checked_on <= p.snapshot_on GROUP BY ALL),
  gone AS (
    SELECT child_id, on_day, bool_and(coalesce(state = 'gone', false)) AS both_gone FROM parent_day GROUP BY ALL),
  number AS (
    SELECT p.period, q.village_code AS area, coalesce(c.works, 'no') AS carer,
      if(g.both_gone, 'yes', coalesce(r.works, 'no')) AS parent
    FROM population q JOIN period p ON p.kind = 'quarter' AND p.snapshot_on = q.on_day
    JOIN gone g ON g.child_id = q.child_id AND g.on_day = q.on_day
    LEFT JOIN checked c ON c.period = p.period AND c.child_id = q.child_id AND c.whose = 'carer'
    LEFT JOIN checked r ON r.period = p.period AND r.child_id = q.child_id AND r.whose = 'parent'
    WHERE q.eligibility = 'yes' AND q.listed)
  SELECT '' AS series, period, area, CASE WHEN 'no' IN (carer, parent) THEN 'no'
    WHEN 'unknown' IN (carer, parent) THEN 'unknown' ELSE 'yes' END AS outcome FROM number"""
    ),
    "C5": _ONE_EACH.format(
        cases="""
  WITH proof AS (
    SELECT p.period, q.village_code AS area, q.age_years, [
      CASE WHEN contains(v.invalid, ',away_verified_on,') OR away_verified_on > snapshot_on THEN 'unknown'
        WHEN away_verified_on >= since THEN 'yes' ELSE 'no' END,
      CASE WHEN contains(v.invalid, ',residence_verified_on,') OR residence_verified_on > snapshot_on THEN 'unknown'
        WHEN residence_verified_on >= since THEN 'yes' ELSE 'no' END,
      CASE WHEN q.why IN ('both_away', 'one_away_other_gone') THEN 'yes'
        WHEN contains(v.invalid, ',capacity_assessed_on,') OR capacity_assessed_on > snapshot_on THEN 'unknown'
        WHEN capacity_assessed_on >= since THEN 'yes' ELSE 'no' END] AS limbs
    FROM population q JOIN (SELECT *, CAST(snapshot_on - to_months(evidence_valid_months) AS DATE) AS since FROM period
      WHERE kind = 'quarter') p ON p.snapshot_on = q.on_day
    LEFT JOIN verification v USING (child_id) WHERE q.file_open)
  SELECT '' AS series, period, area, CASE WHEN age_years IS NULL OR list_contains(limbs, 'no') THEN 'no'
    WHEN list_contains(limbs, 'unknown') THEN 'unknown' ELSE 'yes' END AS outcome FROM proof"""
    ),
    "C2": _ONE_EACH.format(
        cases="""
  SELECT '' AS series, p.period, q.village_code AS area, if(q.file_open, 'yes', 'no') AS outcome
  FROM population q JOIN period p ON p.kind = 'quarter' AND p.snapshot_on = q.on_day
  WHERE q.eligibility = 'yes' AND q.listed"""
    ),
    "C12": _ONE_EACH.format(
        cases="""
  SELECT '' AS series, p.period, k.village_code AS area, CASE
    WHEN v.mode IN ('phone', 'video') THEN 'no'
    WHEN contains(v.invalid, ',visited_on,') THEN 'unknown'
    WHEN v.visited_on IS NULL OR v.visited_on > v.due_on + CAST(p.visit_grace_days AS INTEGER) THEN 'no'
    WHEN v.mode IS NULL THEN 'unknown' ELSE 'yes' END AS outcome
  FROM visit v JOIN period p ON p.kind = 'quarter' AND v.due_on BETWEEN p.starts_on AND p.ends_on
  JOIN known_child k USING (child_id)
  WHERE v.due_on + CAST(p.visit_grace_days AS INTEGER) <= (SELECT snapshot_on FROM period WHERE kind = 'snapshot')"""
    ),
}


def count(connection: store.Connection, code: str) -> None:
    """Make `hand_<code>`: yes, no and unknown per series, level, area and period."""
    store.run(connection, COUNTED.format(code=code, query=QUERIES[code]))


def compared(connection: store.Connection, code: str) -> tuple[int, int]:
    """(figures, how many of them differ from ours in `figure`)."""
    row = store.run(
        connection,
        "SELECT count(*), count(*) FILTER ((f.yes, f.no, f.unknown) IS DISTINCT FROM (h.yes, h.no, h.unknown)) "
        f"FROM (SELECT * FROM hand_{code} WHERE area IS NOT NULL AND yes + no + unknown > 0) h FULL JOIN "
        "(SELECT * FROM figure WHERE code = $1 AND yes + no + unknown > 0 AND level IN ('village', 'township', "
        "'district')) f ON (f.series, f.level, f.area, f.period) = (h.series, h.level, h.area, h.period)",
        [code],
    )[0]
    return int(row[0]), int(row[1])
