/* Where a unit counts: each village, township and district in itself and in those above it, each school in its
   township and district.  `rollup` is the code under which the unit is added up at that `level`. */
WITH top AS (
  SELECT MIN(area_code) AS district FROM area WHERE level = 'district'
)
SELECT a.area_code AS unit, a.level, a.area_code AS rollup FROM area AS a
UNION ALL
SELECT a.area_code AS unit, u.level, u.area_code AS rollup
FROM area AS a JOIN area AS u ON u.area_code = a.parent_code
UNION ALL
SELECT a.area_code AS unit, g.level, g.area_code AS rollup
FROM area AS a JOIN area AS u ON u.area_code = a.parent_code JOIN area AS g ON g.area_code = u.parent_code
UNION ALL
SELECT o.org_code AS unit, 'school' AS level, o.org_code AS rollup FROM org AS o
UNION ALL
SELECT o.org_code AS unit, 'township' AS level, o.township_code AS rollup
FROM org AS o WHERE o.township_code IS NOT NULL
UNION ALL
SELECT o.org_code AS unit, 'district' AS level, t.district AS rollup
FROM org AS o CROSS JOIN top AS t WHERE t.district IS NOT NULL
