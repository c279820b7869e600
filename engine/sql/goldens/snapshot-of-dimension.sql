SELECT
  CAST(v."__k0" AS BIGINT) AS "user_id",
  v."__at" AS "__event_ts",
  v."__v0" AS "tier"
FROM (
  WITH
    point AS NOT MATERIALIZED (
      SELECT
        row_number() OVER () - 1 AS "__row",
        (SELECT max(epoch_us("since")) FROM "_plumb"."source_history") AS "__t",
        "__k0"
      FROM (
      SELECT DISTINCT
        "user_id" AS "__k0"
      FROM "_plumb"."source_history"
      WHERE epoch_us("since") <= (SELECT max(epoch_us("since")) FROM "_plumb"."source_history")
        AND "user_id" IS NOT NULL
      )
    ),
    event AS NOT MATERIALIZED (
      SELECT
        "user_id" AS "__k0",
        epoch_us("since") AS "__at",
        "__order",
        epoch_us("until") AS "__end"
      FROM "_plumb"."source_history"
    ),
    holding AS (
      SELECT
        p."__row",
        e."__at",
        e."__order" AS "__won"
      FROM (SELECT * FROM point WHERE "__t" IS NOT NULL) AS p
      ASOF JOIN (
        SELECT
          *
        FROM event AS e
        SEMI JOIN point AS p ON e."__k0" = p."__k0"
        WHERE (e."__end" IS NULL OR e."__end" > e."__at")
      ) AS e
      ON e."__k0" = p."__k0" AND e."__at" <= p."__t"
      WHERE (e."__end" IS NULL OR p."__t" < e."__end")
    ),
    begun AS (
      SELECT
        p."__row",
        max(e."__at") AS "__at"
      FROM point AS p
      JOIN event AS e ON e."__k0" = p."__k0"
        AND e."__at" <= p."__t"
      GROUP BY p."__row"
    )
  SELECT
    p."__row",
    p."__k0",
    coalesce(h."__at", b."__at") AS "__at",
    h."__won",
    CAST(s."tier" AS VARCHAR) AS "__v0",
    CASE WHEN h."__row" IS NOT NULL THEN CASE WHEN s."tier" IS NULL THEN 'null' ELSE 'present' END WHEN b."__at" <= p."__t" THEN 'expired' ELSE 'missing' END AS "__s0"
  FROM point AS p
  LEFT JOIN holding AS h ON h."__row" = p."__row"
  LEFT JOIN "_plumb"."source_history" AS s ON s."__order" = h."__won"
  LEFT JOIN begun AS b ON b."__row" = p."__row"
) AS v
ORDER BY v."__k0"
