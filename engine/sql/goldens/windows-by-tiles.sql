WITH
  point AS NOT MATERIALIZED (
    SELECT
      "__row",
      "__t",
      "user_id" AS "__k0"
    FROM "_plumb"."spine_train"
  ),
  event AS NOT MATERIALIZED (
    SELECT
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
    WITH
      placed AS (
        SELECT
          *,
          (("__lo0" + 86399999999) - ((("__lo0" + 86399999999)) % 86400000000 + 86400000000) % 86400000000) // 86400000000 AS "__first",
          ("__hi0" - (("__hi0") % 86400000000 + 86400000000) % 86400000000) // 86400000000 AS "__end"
        FROM (
          SELECT
            *,
            "__t" - 604800000000 AS "__lo0",
            "__t" AS "__hi0"
          FROM point
        ) AS p
      ),
      tile AS (
        SELECT
          "__k0",
          (e."__at" - ((e."__at") % 86400000000 + 86400000000) % 86400000000) // 86400000000 AS "__cell",
          count(*) AS "__n0",
          count(*) FILTER (WHERE e."__f0") AS "__0_0",
          count(*) FILTER (WHERE e."__f1") AS "__0_1"
        FROM event AS e
        WHERE e."__at" IS NOT NULL
        GROUP BY e."__k0", "__cell"
      )
    SELECT
      "__row",
      "__n0",
      CAST(CAST(coalesce("__0_0", 0) AS DOUBLE) / nullif(CAST(coalesce("__0_1", 0) AS DOUBLE), 0) AS DOUBLE) AS "__v0"
    FROM (
      SELECT
        "__row",
        sum(e."__n0") AS "__n0",
        sum(e."__0_0") AS "__0_0",
        sum(e."__0_1") AS "__0_1"
      FROM (
        SELECT
          p."__row",
          sum(e."__n0") AS "__n0",
          sum(e."__0_0") AS "__0_0",
          sum(e."__0_1") AS "__0_1"
        FROM placed AS p
        JOIN tile AS e ON e."__k0" = p."__k0"
          AND e."__cell" >= p."__first"
          AND e."__cell" < p."__end"
        GROUP BY p."__row"
        UNION ALL
        SELECT
          "__row",
          count(*) AS "__n0",
          count(*) FILTER (WHERE e."__f0") AS "__0_0",
          count(*) FILTER (WHERE e."__f1") AS "__0_1"
        FROM (
          SELECT p."__row", e.*
          FROM (
          SELECT
            *,
            unnest(CASE WHEN "__first" - 1 = "__end" THEN ["__end"] ELSE ["__first" - 1, "__end"] END) AS "__cell"
          FROM placed
        ) AS p
          JOIN event AS e ON e."__k0" = p."__k0"
            AND (e."__at" - ((e."__at") % 86400000000 + 86400000000) % 86400000000) // 86400000000 = p."__cell"
            AND e."__at" >= p."__lo0"
            AND e."__at" < p."__hi0"
        ) AS e
        GROUP BY "__row"
      ) AS e
      GROUP BY "__row"
    ) AS g
  ),
  pass1 AS (
    SELECT
      "__row",
      "__n0",
      CAST("__1_0" AS VARCHAR) AS "__v1"
    FROM (
      SELECT
        e."__row",
        count(*) FILTER (WHERE e."__event") OVER w0 AS "__n0",
        arg_max_null(e."__e0", CAST(e."__at" AS HUGEINT) * 1099511627776 + e."__order") FILTER (WHERE e."__event") OVER w0 AS "__1_0"
      FROM (
        SELECT
          *,
          true AS "__event",
          NULL::BIGINT AS "__row"
        FROM event
        WHERE "__at" IS NOT NULL
          AND "__k0" IS NOT NULL
        UNION ALL BY NAME
        SELECT
          "__t" AS "__at",
          "__k0",
          false AS "__event",
          "__row"
        FROM point
        WHERE "__t" IS NOT NULL
          AND "__k0" IS NOT NULL
      ) AS e
      WINDOW w0 AS (PARTITION BY e."__k0" ORDER BY e."__at" RANGE BETWEEN (e."__at" - (e."__at" - 3600000000)) PRECEDING AND (e."__at" - (e."__at") + 1) PRECEDING)
    ) AS g
    WHERE "__row" IS NOT NULL
  )
SELECT
  p."__row",
  CASE WHEN w0."__n0" > 0 THEN w0."__v0" ELSE CAST(NULL AS DOUBLE) END AS "__v0",
  CASE WHEN w0."__n0" > 0 THEN CASE WHEN w0."__v0" IS NULL THEN 'null' ELSE 'present' END WHEN o."__from0" <= p."__t" THEN 'expired' ELSE 'missing' END AS "__s0",
  CASE WHEN w1."__n0" > 0 THEN w1."__v1" ELSE CAST(NULL AS VARCHAR) END AS "__v1",
  CASE WHEN w1."__n0" > 0 THEN CASE WHEN w1."__v1" IS NULL THEN 'null' ELSE 'present' END WHEN o."__from0" <= p."__t" THEN 'expired' ELSE 'missing' END AS "__s1"
FROM point AS p
LEFT JOIN pass0 AS w0 ON w0."__row" = p."__row"
LEFT JOIN pass1 AS w1 ON w1."__row" = p."__row"
LEFT JOIN oldest AS o ON o."__k0" = p."__k0"
