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
      "__k0",
      min("__at") AS "__at"
    FROM event
    GROUP BY "__k0"
  )
SELECT
  p."__row",
  h."__at",
  h."__won",
  CAST(s."tier" AS VARCHAR) AS "__v0",
  CASE WHEN h."__row" IS NOT NULL THEN CASE WHEN s."tier" IS NULL THEN 'null' ELSE 'present' END WHEN b."__at" <= p."__t" THEN 'expired' ELSE 'missing' END AS "__s0"
FROM point AS p
LEFT JOIN holding AS h ON h."__row" = p."__row"
LEFT JOIN "_plumb"."source_history" AS s ON s."__order" = h."__won"
LEFT JOIN begun AS b ON b."__k0" = p."__k0"
