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
      CAST(CAST(count(*) FILTER (WHERE e."__at" >= e."__t" - 604800000000 AND e."__f0_0") AS DOUBLE) / nullif(CAST(count(*) FILTER (WHERE e."__at" >= e."__t" - 604800000000 AND e."__f0_1") AS DOUBLE), 0) AS DOUBLE) AS "__v0",
      count(*) FILTER (WHERE e."__at" >= e."__t" - 604800000000) AS "__n0",
      max(e."__at") FILTER (WHERE e."__at" >= e."__t" - 604800000000 AND (e."__f0_0" OR e."__f0_1")) AS "__last0",
      CAST(arg_max_null(e."__e1_0", {'at': e."__at", 'place': e."__order"}) FILTER (WHERE e."__at" >= e."__t" - 3600000000) AS VARCHAR) AS "__v1",
      count(*) FILTER (WHERE e."__at" >= e."__t" - 3600000000) AS "__n1",
      max(e."__at") FILTER (WHERE e."__at" >= e."__t" - 3600000000) AS "__last1"
    FROM (
      SELECT
        p."__row",
        p."__t",
        e.*
      FROM point AS p
      JOIN event AS e ON e."__k0" = p."__k0"
        AND e."__at" < p."__t"
        AND e."__at" >= p."__t" - 604800000000
    ) AS e
    GROUP BY "__row"
  ),
  nothing0 AS (
    SELECT CAST(NULL AS DOUBLE) AS "__v0", CAST(NULL AS VARCHAR) AS "__v1"
  ),
  pass1 AS (
    SELECT
      "__row",
      CAST((avg(amount)) AS DOUBLE) AS "__v2",
      count(*) AS "__n2",
      max("__at") AS "__last2"
    FROM (
      SELECT
        p."__row",
        p."__t",
        e.*
      FROM point AS p
      JOIN event AS e ON e."__k0" = p."__k0"
        AND e."__at" < p."__t"
        AND e."__at" >= p."__t" - 86400000000
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
  CASE WHEN w0."__row" IS NULL THEN z0."__v0" ELSE w0."__v0" END AS "__v0",
  CASE WHEN w0."__n0" > 0 THEN CASE WHEN w0."__v0" IS NULL THEN 'null' ELSE 'present' END WHEN o."__at" < p."__t" THEN 'expired' ELSE 'missing' END AS "__s0",
  w0."__last0" AS "__last0",
  CASE WHEN w0."__row" IS NULL THEN z0."__v1" ELSE w0."__v1" END AS "__v1",
  CASE WHEN w0."__n1" > 0 THEN CASE WHEN w0."__v1" IS NULL THEN 'null' ELSE 'present' END WHEN o."__at" < p."__t" THEN 'expired' ELSE 'missing' END AS "__s1",
  w0."__last1" AS "__last1",
  CASE WHEN w1."__row" IS NULL THEN z1."__v2" ELSE w1."__v2" END AS "__v2",
  CASE WHEN w1."__n2" > 0 THEN CASE WHEN w1."__v2" IS NULL THEN 'null' ELSE 'present' END WHEN o."__at" < p."__t" THEN 'expired' ELSE 'missing' END AS "__s2",
  w1."__last2" AS "__last2"
FROM point AS p
LEFT JOIN pass0 AS w0 ON w0."__row" = p."__row"
LEFT JOIN nothing0 AS z0 ON true
LEFT JOIN pass1 AS w1 ON w1."__row" = p."__row"
LEFT JOIN nothing1 AS z1 ON true
LEFT JOIN oldest AS o ON o."__k0" = p."__k0"
