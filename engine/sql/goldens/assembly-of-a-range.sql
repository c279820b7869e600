SELECT
  s."__row",
  s."__spine_row",
  s."user_id",
  s."parts",
  p0."__v0" AS "score",
  p0."__v0" IS NULL AS "score__missing",
  CAST(p0."__s0" AS ENUM('present', 'missing', 'expired', 'null')) AS "__status_0",
  n0."__v0" AS "__naive_0",
  coalesce(n0."__last0" > s."__t", false) AS "__leaks_0"
FROM "_plumb"."range_train_spine_1" AS s
LEFT JOIN "_plumb"."range_train_0_1" AS p0 ON p0."__row" = s."__row"
LEFT JOIN "_plumb"."naive_train_0" AS n0 ON n0."__k0" IS NOT DISTINCT FROM s."user_id"
ORDER BY s."__row"
