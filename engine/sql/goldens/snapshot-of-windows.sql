SELECT
  CAST(v."__k0" AS BIGINT) AS "user_id",
  (SELECT max(epoch_us("ts")) FROM "_plumb"."source_events") AS "__event_ts",
  v."__v0" AS "rate",
  v."__v1" AS "recent",
  v."__v2" AS "mean"
FROM (
  WITH
    point AS MATERIALIZED (
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
        (event_type) AS "__e0",
        CAST((event_type = 'completion') AS BOOLEAN) AS "__f0",
        CAST((event_type = 'view') AS BOOLEAN) AS "__f1"
      FROM "_plumb"."source_events"
    ),
    oldest AS (
      SELECT
        "__k0",
        min(e."__at" + 1) AS "__from0"
      FROM (
        SELECT
          "user_id" AS "__k0",
          epoch_us("ts") AS "__at",
          "__order"
        FROM "_plumb"."source_events"
      ) AS e
      GROUP BY "__k0"
    ),
    pass0 AS (
      SELECT
        "__row",
        "__n0",
        "__n1",
        CAST(CAST(coalesce("__0_0", 0) AS DOUBLE) / nullif(CAST(coalesce("__0_1", 0) AS DOUBLE), 0) AS DOUBLE) AS "__v0",
        CAST("__1_0" AS VARCHAR) AS "__v1"
      FROM (
        SELECT
          "__row",
          count(*) AS "__n0",
          count(*) FILTER (WHERE e."__in1") AS "__n1",
          count(*) FILTER (WHERE e."__f0") AS "__0_0",
          count(*) FILTER (WHERE e."__f1") AS "__0_1",
          arg_max_null(e."__e0", CAST(e."__at" AS HUGEINT) * 1099511627776 + e."__order") FILTER (WHERE e."__in1") AS "__1_0"
        FROM (
          SELECT
            p."__row",
            (e."__at" >= p."__lo1") AS "__in1",
            e.*
          FROM (
            SELECT
              *,
              unnest(CASE WHEN "__from" // 604800000001 = ("__to" - 1) // 604800000001 THEN ["__from" // 604800000001] ELSE ["__from" // 604800000001, ("__to" - 1) // 604800000001] END) AS "__stretch"
            FROM (
              SELECT
                *,
                least("__lo0", "__lo1") AS "__from",
                greatest("__hi0", "__hi1") AS "__to"
              FROM (
                SELECT
                  *,
                  "__t" - 604800000000 AS "__lo0",
                  "__t" AS "__hi0",
                  "__t" - 3600000000 AS "__lo1",
                  "__t" AS "__hi1"
                FROM point
              ) AS p
            ) AS p
          ) AS p
          JOIN event AS e ON e."__k0" = p."__k0"
            AND e."__at" // 604800000001 = p."__stretch"
            AND e."__at" < p."__to"
            AND e."__at" >= p."__from"
        ) AS e
        GROUP BY "__row"
      ) AS g
    ),
    pass1 AS (
      SELECT
        "__row",
        count(*) AS "__n0",
        CAST((avg(amount)) AS DOUBLE) AS "__v2"
      FROM (
        SELECT
          p."__row",
          e.*
        FROM (
          SELECT
            *,
            unnest(CASE WHEN "__from" // 86400000001 = ("__to" - 1) // 86400000001 THEN ["__from" // 86400000001] ELSE ["__from" // 86400000001, ("__to" - 1) // 86400000001] END) AS "__stretch"
          FROM (
            SELECT
              *,
              "__lo0" AS "__from",
              "__hi0" AS "__to"
            FROM (
              SELECT
                *,
                "__t" - 86400000000 AS "__lo0",
                "__t" AS "__hi0"
              FROM point
            ) AS p
          ) AS p
        ) AS p
        JOIN event AS e ON e."__k0" = p."__k0"
          AND e."__at" // 86400000001 = p."__stretch"
          AND e."__at" < p."__to"
          AND e."__at" >= p."__from"
        ORDER BY e."__order"
      ) AS e
      GROUP BY "__row"
    ),
    nothing1 AS (
      SELECT
        CAST((avg(amount)) AS DOUBLE) AS "__v2"
      FROM "_plumb"."source_events"
      WHERE false
    )
  SELECT
    p."__row",
    p."__k0",
    CASE WHEN w0."__n0" > 0 THEN w0."__v0" ELSE CAST(NULL AS DOUBLE) END AS "__v0",
    CASE WHEN w0."__n0" > 0 THEN CASE WHEN w0."__v0" IS NULL THEN 'null' ELSE 'present' END WHEN o."__from0" <= p."__t" THEN 'expired' ELSE 'missing' END AS "__s0",
    CASE WHEN w0."__n1" > 0 THEN w0."__v1" ELSE CAST(NULL AS VARCHAR) END AS "__v1",
    CASE WHEN w0."__n1" > 0 THEN CASE WHEN w0."__v1" IS NULL THEN 'null' ELSE 'present' END WHEN o."__from0" <= p."__t" THEN 'expired' ELSE 'missing' END AS "__s1",
    CASE WHEN w1."__n0" > 0 THEN w1."__v2" ELSE z1."__v2" END AS "__v2",
    CASE WHEN w1."__n0" > 0 THEN CASE WHEN w1."__v2" IS NULL THEN 'null' ELSE 'present' END WHEN o."__from0" <= p."__t" THEN 'expired' ELSE 'missing' END AS "__s2"
  FROM point AS p
  LEFT JOIN pass0 AS w0 ON w0."__row" = p."__row"
  LEFT JOIN pass1 AS w1 ON w1."__row" = p."__row"
  LEFT JOIN nothing1 AS z1 ON true
  LEFT JOIN oldest AS o ON o."__k0" = p."__k0"
) AS v
ORDER BY v."__k0"
