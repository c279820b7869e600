WITH
  event AS NOT MATERIALIZED (
    SELECT
      "user_id" AS "__k0",
      epoch_us("since") AS "__at",
      "__order",
      epoch_us("until") AS "__end"
    FROM "_plumb"."source_history"
  )
SELECT
  count(*) OVER () AS "keys",
  CAST("__k0" AS VARCHAR) AS "k0",
  CAST(make_timestamp("__at") AS VARCHAR) AS "from",
  CAST(make_timestamp("__end") AS VARCHAR) AS "to",
  "__order" AS "place",
  CAST(make_timestamp("__next__at") AS VARCHAR) AS "next_from",
  CAST(make_timestamp("__next__end") AS VARCHAR) AS "next_to",
  "__next__order" AS "next_place"
FROM (
  SELECT
    *,
    row_number() OVER (PARTITION BY "__k0" ORDER BY "__order") AS "__nth"
  FROM (
    SELECT
      e.*,
      lead(e."__at") OVER (PARTITION BY e."__k0" ORDER BY e."__at", e."__order") AS "__next__at",
      lead(e."__end") OVER (PARTITION BY e."__k0" ORDER BY e."__at", e."__order") AS "__next__end",
      lead(e."__order") OVER (PARTITION BY e."__k0" ORDER BY e."__at", e."__order") AS "__next__order"
    FROM event AS e
    WHERE e."__at" IS NOT NULL
      AND (e."__end" IS NULL OR e."__end" > e."__at")
      AND e."__k0" IS NOT NULL
  ) AS neighbour
  WHERE "__next__order" IS NOT NULL
    AND ("__end" IS NULL OR "__next__at" < "__end")
) AS overlap
WHERE "__nth" = 1
ORDER BY "__order"
LIMIT 3
