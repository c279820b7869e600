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
      epoch_us("made") AS "__made"
    FROM "_plumb"."source_daily"
  ),
  newest AS (
    SELECT
      p."__row",
      max(e."__at") AS "__at"
    FROM point AS p
    JOIN event AS e ON e."__k0" = p."__k0"
      AND e."__at" <= p."__t"
      AND e."__at" >= p."__t" - 172800000000
    GROUP BY p."__row"
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
  ),
  oldest AS (
    SELECT
      e."__k0",
      min(e."__at") AS "__from"
    FROM event AS e
    SEMI JOIN (
      SELECT
        p."__k0"
      FROM point AS p
      ANTI JOIN winner AS w ON w."__row" = p."__row"
    ) AS p ON e."__k0" = p."__k0"
    GROUP BY e."__k0"
  )
SELECT
  p."__row",
  w."__at",
  w."__at" AS "__seen",
  w."__won",
  w."__ties",
  CAST(s."tier" AS VARCHAR) AS "__v0",
  CASE WHEN w."__row" IS NOT NULL THEN CASE WHEN s."tier" IS NULL THEN 'null' ELSE 'present' END WHEN o."__from" <= p."__t" THEN 'expired' ELSE 'missing' END AS "__s0"
FROM point AS p
LEFT JOIN winner AS w ON w."__row" = p."__row"
LEFT JOIN "_plumb"."source_daily" AS s ON s."__order" = w."__won"
LEFT JOIN oldest AS o ON o."__k0" = p."__k0"
