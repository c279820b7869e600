import { block, printSelect } from './select';

/**
 * Rows with `__ended`: whether they lie before the session that is open at `__end`. `rows`: SQL of `__row` (their point),
 * `__at` and `__end` (microseconds). Rows for which `inside` (a test of `e`, null = always true) does not hold neither
 * hold a session open nor end it. Back from `__end`, a gap of `gap` microseconds or more ends the session.
 */
export function sessionSql(rows: string, gap: bigint, inside: string | null): string {
  const back = 'OVER (PARTITION BY e."__row" ORDER BY e."__at" DESC NULLS LAST)';
  const newer =
    inside === null
      ? `lag(e."__at") ${back}`
      : `lag(CASE WHEN ${inside} THEN e."__at" END IGNORE NULLS) ${back}`;
  const distance = `coalesce(${newer}, e."__end") - e."__at"`;
  const gaps = printSelect({
    columns: ['e.*', `${inside === null ? distance : `CASE WHEN ${inside} THEN ${distance} END`} AS "__gap"`],
    from: [`${block(rows)} AS e`],
  });
  return printSelect({
    columns: ['* EXCLUDE ("__gap")', `coalesce(bool_or(e."__gap" >= ${gap}) ${back}, false) AS "__ended"`],
    from: [`${block(gaps)} AS e`],
  });
}
