SELECT
  CAST(v."__k0" AS BIGINT) AS "user_id",
  v."__at" AS "__event_ts",
  v."__v0" AS "tier"
FROM (
  WITH
    point AS MATERIALIZED (
      SELECT
        row_number() OVER () - 1 AS "__row",
        CAST(5 AS BIGINT) AS "__t",
        "__k0"
      FROM (
      SELECT DISTINCT
        "user_id" AS "__k0"
      FROM "_plumb"."source_daily"
      WHERE epoch_us("ts") <= CAST(5 AS BIGINT)
        AND "user_id" IS NOT NULL
      )
    ),
    event AS NOT MATERIALIZED (
      SELECT
        "user_id" AS "__k0",
        epoch_us("ts") AS "__at",
        "__order",
        epoch_us("made") AS "__made",
        "tier" AS "__v0"
      FROM "_plumb"."source_daily"
    ),
    newest AS (
      SELECT
        p."__row",
        e."__at"
      FROM (SELECT * FROM point WHERE "__t" IS NOT NULL) AS p
      ASOF JOIN (
        SELECT * FROM event AS e
        SEMI JOIN point AS p ON e."__k0" = p."__k0"
      ) AS e
      ON e."__k0" = p."__k0" AND e."__at" <= p."__t"
    ),
    candidate AS (
      SELECT
        p.*,
        e."__at",
        e."__at" AS "__seen",
        e."__order",
        e."__made",
        e."__v0"
      FROM point AS p
      LEFT JOIN newest AS n ON n."__row" = p."__row"
      LEFT JOIN event AS e ON e."__k0" = p."__k0" AND e."__at" = n."__at"
    ),
    tied AS (
      SELECT "__row" FROM candidate GROUP BY "__row" HAVING count(*) > 1
    ),
    decided AS (
      SELECT
        "__row",
        "__won",
        len(list_filter("__all", lambda made: made = list_max("__all"))) AS "__ties"
      FROM (
        SELECT
          c."__row",
          arg_max(c."__order", {'made': coalesce(c."__made", -4611686018427387904), 'place': c."__order"}) AS "__won",
          list(coalesce(c."__made", -4611686018427387904)) AS "__all"
        FROM candidate AS c
        SEMI JOIN tied AS t ON t."__row" = c."__row"
        GROUP BY c."__row"
      )
    ),
    winner AS (
      SELECT
        c.*,
        CASE WHEN c."__at" IS NOT NULL THEN 1 END AS "__ties"
      FROM candidate AS c
      ANTI JOIN tied AS t ON t."__row" = c."__row"
      UNION ALL BY NAME
      SELECT
        c.*,
        d."__ties"
      FROM candidate AS c
      JOIN decided AS d ON d."__row" = c."__row" AND d."__won" = c."__order"
    )
  SELECT
    w."__row",
    w."__k0",
    w."__at",
    w."__seen",
    w."__order" AS "__won",
    w."__ties",
    CAST(CASE WHEN w."__at" >= w."__t" - 172800000000 THEN w."__v0" END AS VARCHAR) AS "__v0",
    CASE WHEN w."__at" >= w."__t" - 172800000000 THEN CASE WHEN w."__v0" IS NULL THEN 'null' ELSE 'present' END WHEN w."__at" IS NOT NULL THEN 'expired' ELSE 'missing' END AS "__s0"
  FROM winner AS w
) AS v
WHERE v."__at" >= 1
ORDER BY v."__k0"
