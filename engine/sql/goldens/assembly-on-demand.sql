WITH
  joined AS NOT MATERIALIZED (
    SELECT
      s."__row",
      s."__spine_row",
      s."user_id" AS "__c0",
      s."parts" AS "__c1",
      p0."__v0" AS "__raw_1",
      coalesce(p0."__v0", coalesce(CAST(MAP {'gold''s': CAST('3.25' AS DOUBLE)} AS MAP(VARCHAR, DOUBLE))[p0."__v1"], CAST(CAST('2.5' AS DOUBLE) AS DOUBLE))) AS "__value_1",
      p0."__s0" AS "__status_1",
      coalesce(n0."__v0", coalesce(CAST(MAP {'gold''s': CAST('3.25' AS DOUBLE)} AS MAP(VARCHAR, DOUBLE))[n0."__v1"], CAST(CAST('2.5' AS DOUBLE) AS DOUBLE))) AS "__naive_1",
      coalesce(n0."__last0" > s."__t", false) AS "__leaks_1"
    FROM "_plumb"."spine_train" AS s
    LEFT JOIN "_plumb"."part_train_0" AS p0 ON p0."__row" = s."__row"
    LEFT JOIN "_plumb"."naive_train_0" AS n0 ON n0."__k0" IS NOT DISTINCT FROM s."user_id"
  ),
  asked_0 AS NOT MATERIALIZED (
    SELECT
      * EXCLUDE ("user_id", "parts", "score"),
      CAST((score / parts) AS DOUBLE) AS "__raw_0"
    FROM (
      SELECT
        *,
        "__c0" AS "user_id",
        "__c1" AS "parts",
        "__value_1" AS "score"
      FROM joined
    ) AS scope
  ),
  given_0 AS NOT MATERIALIZED (
    SELECT
      * EXCLUDE ("user_id", "parts", "score"),
      coalesce("__raw_0", CAST(0 AS DOUBLE)) AS "__value_0",
      CASE WHEN "__raw_0" IS NULL THEN 'null' ELSE 'present' END AS "__status_0",
      coalesce(CAST((score / parts) AS DOUBLE), CAST(0 AS DOUBLE)) AS "__naive_0",
      "__leaks_1" AS "__leaks_0"
    FROM (
      SELECT
        *,
        "__c0" AS "user_id",
        "__c1" AS "parts",
        "__naive_1" AS "score"
      FROM asked_0
    ) AS scope
  )
SELECT
  "__row",
  "__spine_row",
  "__c0" AS "user_id",
  "__c1" AS "parts",
  "__value_0" AS "half",
  CAST("__status_0" AS ENUM('present', 'missing', 'expired', 'null')) AS "__status_0",
  "__naive_0" AS "__naive_0",
  "__leaks_0" AS "__leaks_0"
FROM given_0
ORDER BY "__row"
