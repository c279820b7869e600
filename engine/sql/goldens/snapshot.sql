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
        epoch_us("made") AS "__made"
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
    winner AS (
      SELECT
        "__row",
        "__at",
        "__won",
        len(list_filter("__all", lambda made: made = list_max("__all"))) AS "__ties"
      FROM (
        SELECT
          n."__row",
          n."__at",
          arg_max(e."__order", {'made': coalesce(e."__made", -4611686018427387904), 'place': e."__order"}) AS "__won",
          list(coalesce(e."__made", -4611686018427387904)) AS "__all"
        FROM newest AS n
        JOIN point AS p ON p."__row" = n."__row"
        JOIN event AS e ON e."__k0" = p."__k0" AND e."__at" = n."__at"
        GROUP BY n."__row", n."__at"
      )
    )
  SELECT
    p."__row",
    p."__k0",
    w."__at",
    w."__at" AS "__seen",
    w."__won",
    w."__ties",
    CAST(CASE WHEN w."__at" >= p."__t" - 172800000000 THEN s."tier" END AS VARCHAR) AS "__v0",
    CASE WHEN w."__at" >= p."__t" - 172800000000 THEN CASE WHEN s."tier" IS NULL THEN 'null' ELSE 'present' END WHEN w."__row" IS NOT NULL THEN 'expired' ELSE 'missing' END AS "__s0"
  FROM point AS p
  LEFT JOIN winner AS w ON w."__row" = p."__row"
  LEFT JOIN "_plumb"."source_daily" AS s ON s."__order" = w."__won"
) AS v
WHERE v."__at" >= 1
ORDER BY v."__k0"
