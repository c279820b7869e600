SELECT
  CAST(v."__k0" AS BIGINT) AS "user_id",
  (SELECT max(epoch_us("ts")) FROM "_plumb"."source_events") AS "__event_ts",
  v."__v0" AS "rate",
  v."__v1" AS "recent",
  v."__v2" AS "mean"
FROM (
  WITH
    point AS NOT MATERIALIZED (
      SELECT
        row_number() OVER () - 1 AS "__row",
        (SELECT max(epoch_us("ts")) FROM "_plumb"."source_events") AS "__t",
        "__k0"
      FROM (
      SELECT DISTINCT
        "user_id" AS "__k0"
      FROM "_plumb"."source_events"
      WHERE epoch_us("ts") <= (SELECT max(epoch_us("ts")) FROM "_plumb"."source_events")
        AND "user_id" IS NOT NULL
      )
    ),
    event AS NOT MATERIALIZED (
      SELECT
        * EXCLUDE ("__order"),
        "user_id" AS "__k0",
        epoch_us("ts") AS "__at",
        "__order",
        CAST((event_type = 'completion') AS BOOLEAN) AS "__f0_0",
        CAST((event_type = 'view') AS BOOLEAN) AS "__f0_1",
        (event_type) AS "__e1_0"
      FROM "_plumb"."source_events"
    ),
    oldest AS (
      SELECT
        "__k0",
        min("__at") AS "__at"
      FROM event
      GROUP BY "__k0"
    ),
    pass0 AS (
      SELECT
        "__row",
        CAST(CAST(count(*) FILTER (WHERE e."__f0_0") AS DOUBLE) / nullif(CAST(count(*) FILTER (WHERE e."__f0_1") AS DOUBLE), 0) AS DOUBLE) AS "__v0"
      FROM (
        SELECT
          p."__row",
          e.*
        FROM (
          SELECT
            *,
            unnest(["__t" // 604800000000, "__t" // 604800000000 - 1]) AS "__stretch"
          FROM point
        ) AS p
        JOIN event AS e ON e."__k0" = p."__k0"
          AND e."__at" // 604800000000 = p."__stretch"
          AND e."__at" < p."__t"
          AND e."__at" >= p."__t" - 604800000000
      ) AS e
      GROUP BY "__row"
    ),
    pass1 AS (
      SELECT
        "__row",
        CAST(arg_max_null(e."__e1_0", CAST(e."__at" AS HUGEINT) * 1099511627776 + e."__order") AS VARCHAR) AS "__v1"
      FROM (
        SELECT
          p."__row",
          e.*
        FROM (
          SELECT
            *,
            unnest(["__t" // 3600000000, "__t" // 3600000000 - 1]) AS "__stretch"
          FROM point
        ) AS p
        JOIN event AS e ON e."__k0" = p."__k0"
          AND e."__at" // 3600000000 = p."__stretch"
          AND e."__at" < p."__t"
          AND e."__at" >= p."__t" - 3600000000
      ) AS e
      GROUP BY "__row"
    ),
    pass2 AS (
      SELECT
        "__row",
        CAST((avg(amount)) AS DOUBLE) AS "__v2"
      FROM (
        SELECT
          p."__row",
          e.*
        FROM (
          SELECT
            *,
            unnest(["__t" // 86400000000, "__t" // 86400000000 - 1]) AS "__stretch"
          FROM point
        ) AS p
        JOIN event AS e ON e."__k0" = p."__k0"
          AND e."__at" // 86400000000 = p."__stretch"
          AND e."__at" < p."__t"
          AND e."__at" >= p."__t" - 86400000000
        ORDER BY e."__order"
      ) AS e
      GROUP BY "__row"
    ),
    nothing2 AS (
      SELECT
        CAST((avg(amount)) AS DOUBLE) AS "__v2"
      FROM "_plumb"."source_events"
      WHERE false
    )
  SELECT
    p."__row",
    p."__k0",
    CASE WHEN w0."__row" IS NULL THEN CAST(NULL AS DOUBLE) ELSE w0."__v0" END AS "__v0",
    CASE WHEN w0."__row" IS NOT NULL THEN CASE WHEN w0."__v0" IS NULL THEN 'null' ELSE 'present' END WHEN o."__at" < p."__t" THEN 'expired' ELSE 'missing' END AS "__s0",
    CASE WHEN w1."__row" IS NULL THEN CAST(NULL AS VARCHAR) ELSE w1."__v1" END AS "__v1",
    CASE WHEN w1."__row" IS NOT NULL THEN CASE WHEN w1."__v1" IS NULL THEN 'null' ELSE 'present' END WHEN o."__at" < p."__t" THEN 'expired' ELSE 'missing' END AS "__s1",
    CASE WHEN w2."__row" IS NULL THEN z2."__v2" ELSE w2."__v2" END AS "__v2",
    CASE WHEN w2."__row" IS NOT NULL THEN CASE WHEN w2."__v2" IS NULL THEN 'null' ELSE 'present' END WHEN o."__at" < p."__t" THEN 'expired' ELSE 'missing' END AS "__s2"
  FROM point AS p
  LEFT JOIN pass0 AS w0 ON w0."__row" = p."__row"
  LEFT JOIN pass1 AS w1 ON w1."__row" = p."__row"
  LEFT JOIN pass2 AS w2 ON w2."__row" = p."__row"
  LEFT JOIN nothing2 AS z2 ON true
  LEFT JOIN oldest AS o ON o."__k0" = p."__k0"
) AS v
ORDER BY v."__k0"
