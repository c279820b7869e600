SELECT
  "__k0",
  "__v0",
  "__seen" AS "__last0"
FROM (
  WITH
    point AS MATERIALIZED (
      SELECT
        row_number() OVER () - 1 AS "__row",
        (SELECT max(epoch_us("since")) + 1 FROM "_plumb"."source_history") AS "__t",
        "__k0"
      FROM (
      SELECT DISTINCT
        "__k0"
      FROM (
        SELECT
          "__row",
          "__t",
          "user_id" AS "__k0"
        FROM "_plumb"."spine_train"
      ) AS spine
      )
    ),
    event AS NOT MATERIALIZED (
      SELECT
        "user_id" AS "__k0",
        epoch_us("since") AS "__at",
        "__order"
      FROM "_plumb"."source_history"
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
        n."__row",
        n."__at",
        max(e."__order") AS "__won",
        count(*) AS "__ties"
      FROM newest AS n
      JOIN point AS p ON p."__row" = n."__row"
      JOIN event AS e ON e."__k0" = p."__k0" AND e."__at" = n."__at"
      GROUP BY n."__row", n."__at"
    )
  SELECT
    p."__row",
    p."__k0",
    w."__at",
    w."__at" AS "__seen",
    w."__won",
    w."__ties",
    CAST(s."tier" AS VARCHAR) AS "__v0",
    CASE WHEN w."__row" IS NOT NULL THEN CASE WHEN s."tier" IS NULL THEN 'null' ELSE 'present' END WHEN w."__row" IS NOT NULL THEN 'expired' ELSE 'missing' END AS "__s0"
  FROM point AS p
  LEFT JOIN winner AS w ON w."__row" = p."__row"
  LEFT JOIN "_plumb"."source_history" AS s ON s."__order" = w."__won"
) AS naive
