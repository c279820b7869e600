WITH
  looked_up AS NOT MATERIALIZED (
    SELECT
      *
    FROM (VALUES
      (0, CAST(1.5 AS DOUBLE), 2)
    ) AS entity("__row", "__value_1", "__c0")
  ),
  asked_0 AS NOT MATERIALIZED (
    SELECT
      * EXCLUDE ("parts", "score"),
      CAST((score / parts) AS DOUBLE) AS "__raw_0"
    FROM (
      SELECT
        *,
        "__c0" AS "parts",
        "__value_1" AS "score"
      FROM looked_up
    ) AS scope
  ),
  given_0 AS NOT MATERIALIZED (
    SELECT
      *,
      coalesce("__raw_0", CAST(0 AS DOUBLE)) AS "__value_0",
      CASE WHEN "__raw_0" IS NULL THEN 'null' ELSE 'present' END AS "__status_0"
    FROM asked_0
  )
SELECT
  "__row" AS row,
  "__value_0" AS value_0,
  "__raw_0" AS raw_0
FROM given_0
ORDER BY "__row"
