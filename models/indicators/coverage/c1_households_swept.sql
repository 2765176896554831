/*
code = "C1"
title = { zh = "排查覆盖率", en = "Households swept" }
question = { zh = "有孩子的家庭都逐户排查了吗？", en = "Was every household with children visited in the sweep?" }
counted = { zh = "已排查户数", en = "households swept" }
out_of = { zh = "有16周岁以下儿童的户数", en = "households with a child under sixteen" }
excluded = { zh = "没有16周岁以下儿童的户；没有上报户数的村", en = "households without a child under sixteen; villages that reported no number of households" }
unknown = { zh = "已排查户数未填、无法辨认或多于总户数", en = "number swept not recorded, unreadable or above the total" }
clause = "五·1"
owner = { zh = "乡镇·村", en = "townships and villages" }
period = "half_year"
kind = "share"
weight = "cells"
unit = "share"
better = "higher"
disclosure = "work"
subject = "village"
needs = ["household_sweep"]
partner = ["C2"]
author = "守护 Shouhu"
reviewed_on = 2026-11-24
*/
WITH sweep AS (
  SELECT p.period, h.area_code, h.n_households, h.record,
    CASE WHEN h.n_swept BETWEEN 0 AND h.n_households THEN h.n_swept END AS n_swept
  FROM period AS p
  JOIN household_sweep AS h ON h.half_year = p.period
  WHERE h.n_households > 0
)
SELECT period, area_code AS area, area_code AS subject, 'yes' AS outcome, CAST(n_swept AS DECIMAL(18, 2)) AS amount, record
FROM sweep WHERE n_swept > 0
UNION ALL
SELECT period, area_code AS area, area_code AS subject, 'no' AS outcome, CAST(n_households - n_swept AS DECIMAL(18, 2)) AS amount, record
FROM sweep WHERE n_swept < n_households
UNION ALL
SELECT period, area_code AS area, area_code AS subject, 'unknown' AS outcome, CAST(n_households AS DECIMAL(18, 2)) AS amount, record
FROM sweep WHERE n_swept IS NULL
