import type { Database } from '../database/database';
import { queryRows } from '../database/rows';
import { PlumblineError } from '../errors';
import { type CompiledView, keyColumns } from './compiled-view';
import { COVERS, stretchesSql } from './interval-join';
import { block, printSelect } from './select';

/** Examples that an error shows. */
const EXAMPLES = 3;

/**
 * The first overlap of each key that has one, at most three, in file order: `keys` (how many keys have one), `k<i>`
 * (the key as text), of both rows `from` and `to` (TIMESTAMP as text, NULL `to` = open) and `place` (from 0 over all
 * files). A row that covers nothing overlaps nothing; a NULL key is no key.
 *
 * In order of their beginning, rows of a key overlap somewhere only if two neighbours do.
 */
export function overlapsSql(compiled: CompiledView): string {
  const keys = keyColumns(compiled.keys);
  const next = (name: string): string =>
    `lead(e."${name}") OVER (PARTITION BY ${keys.map((key) => `e.${key}`).join(', ')} ORDER BY e."__at", e."__order")`;
  const neighbours = printSelect({
    columns: ['e.*', ...['__at', '__end', '__order'].map((name) => `${next(name)} AS "__next${name}"`)],
    from: ['event AS e'],
    where: ['e."__at" IS NOT NULL', COVERS, ...keys.map((key) => `e.${key} IS NOT NULL`)],
  });
  const first = printSelect({
    columns: ['*', `row_number() OVER (PARTITION BY ${keys.join(', ')} ORDER BY "__order") AS "__nth"`],
    from: [`${block(neighbours)} AS neighbour`],
    where: ['"__next__order" IS NOT NULL', '("__end" IS NULL OR "__next__at" < "__end")'],
  });
  const instant = (name: string): string => `CAST(make_timestamp("${name}") AS VARCHAR)`;
  return printSelect({
    with: [{ name: 'event', sql: stretchesSql(compiled), inline: true }],
    columns: [
      'count(*) OVER () AS "keys"',
      ...keys.map((key, index) => `CAST(${key} AS VARCHAR) AS "k${index}"`),
      `${instant('__at')} AS "from"`,
      `${instant('__end')} AS "to"`,
      '"__order" AS "place"',
      `${instant('__next__at')} AS "next_from"`,
      `${instant('__next__end')} AS "next_to"`,
      '"__next__order" AS "next_place"',
    ],
    from: [`${block(first)} AS overlap`],
    where: ['"__nth" = 1'],
    orderBy: [`"__order"\nLIMIT ${EXAMPLES}`],
  });
}

/**
 * Refuses a dimension whose source holds overlapping intervals for one key; views of other kinds pass. Call it before
 * values are computed: they would depend on chance. Error: `data.overlap`, with up to three examples.
 */
export async function requireDisjoint(
  db: Database,
  compiled: CompiledView,
  signal?: AbortSignal,
): Promise<void> {
  const { view, keys } = compiled;
  if (view.kind !== 'dimension') return;
  const found = await queryRows(db, overlapsSql(compiled), { signal });
  if (found.length === 0) return;
  const examples = found.map((row) => {
    const key = keys.map(({ name }, index) => `${name} ${String(row[`k${index}`])}`).join(', ');
    const [first, second] = [stretch(row, ''), stretch(row, 'next_')].sort((a, b) => a.place - b.place);
    return `${key}: ${first!.text} and ${second!.text}`;
  });
  const many = Number(found[0]!['keys']);
  const shown = many > examples.length ? `, for instance ${examples.join('; ')}` : `: ${examples.join('; ')}`;
  throw new PlumblineError(
    'data.overlap',
    `${view.source} holds overlapping intervals for ${many} ${many === 1 ? 'key' : 'keys'} of ${view.name}${shown}`,
    {
      hint: `At each moment one row per key may hold: end the earlier row where the later begins (${view.validity!.to} itself no longer belongs).`,
    },
  );
}

function stretch(row: Record<string, unknown>, prefix: '' | 'next_'): { place: number; text: string } {
  const place = Number(row[`${prefix}place`]) + 1;
  const to = row[`${prefix}to`];
  const until = to === null ? 'on' : `to ${String(to)}`;
  return { place, text: `row ${place} from ${String(row[`${prefix}from`])} ${until}` };
}
