SELECT
  grouping("tier") AS is_all,
  "tier" AS category,
  count(*) AS rows,
  sum(CAST("score" AS DOUBLE) ORDER BY "score") AS total
FROM "_plumb"."means_train_0"
WHERE isfinite("score")
GROUP BY GROUPING SETS ((), ("tier"))
ORDER BY "tier" NULLS FIRST
