SELECT
  "user_id",
  "ts",
  CAST("tier" AS VARCHAR) AS "tier"
FROM "_plumb"."source_daily"
ORDER BY "__order"
