SELECT
  CAST("score" AS DOUBLE) AS "score",
  CAST("tier" AS VARCHAR) AS "tier"
FROM "_plumb"."source_daily"
WHERE epoch_us("ts") < 5
