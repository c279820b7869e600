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
      epoch_us("made") AS "__made",
      "tier" AS "__v0"
    FROM "_plumb"."source_daily"
  ),
  direct AS (
    SELECT
      p.*,
      e."__at",
      e."__at" AS "__seen",
      e."__order",
      e."__made",
      e."__v0"
    FROM point AS p
    LEFT JOIN event AS e ON e."__k0" = p."__k0"
      AND e."__at" = (p."__t" - ((p."__t") % 86400000000 + 86400000000) % 86400000000)
  ),
  rest AS (
    SELECT
      "__row",
      "__t",
      "__k0"
    FROM direct
    WHERE "__at" IS NULL
  ),
  met AS (
    SELECT
      p.*,
      e."__at",
      e."__at" AS "__seen",
      e."__order",
      e."__made",
      e."__v0"
    FROM rest AS p
    LEFT JOIN event AS e ON e."__k0" = p."__k0"
      AND e."__at" <= p."__t"
      AND e."__at" >= p."__t" - 172800000000
  ),
  newest AS (
    SELECT "__row", max("__at") AS "__at" FROM met GROUP BY "__row"
  ),
  candidate AS (
    SELECT * FROM direct WHERE "__at" IS NOT NULL
    UNION ALL BY NAME
    (
      SELECT
        m.*
      FROM met AS m
      JOIN newest AS n ON n."__row" = m."__row" AND n."__at" IS NOT DISTINCT FROM m."__at"
    )
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
  ),
  oldest AS (
    SELECT
      e."__k0",
      min(e."__at") AS "__from"
    FROM event AS e
    SEMI JOIN (
      SELECT
        p."__k0"
      FROM winner AS p
      WHERE p."__at" IS NULL
    ) AS p ON e."__k0" = p."__k0"
    GROUP BY e."__k0"
  )
SELECT
  w."__row",
  w."__at",
  w."__seen",
  w."__order" AS "__won",
  w."__ties",
  CAST(w."__v0" AS VARCHAR) AS "__v0",
  CASE WHEN w."__at" IS NOT NULL THEN CASE WHEN w."__v0" IS NULL THEN 'null' ELSE 'present' END WHEN o."__from" <= w."__t" THEN 'expired' ELSE 'missing' END AS "__s0"
FROM winner AS w
LEFT JOIN oldest AS o ON o."__k0" = w."__k0"
