import { type CompiledView, knownBy } from './compiled-view';
import { decidesSql } from './explain-decided';
import { quote } from './quote';
import { enclose } from './select';
import { sessionEnd, windowEdges } from './window-edges';

/** What became of a source row of the entity, seen from one spine row; in the order in which people ask. */
export const REASONS = [
  /** Gave the value, or decided it among the rows that counted. */
  'won',
  'counted',
  /** In the window, but its `where` does not hold. */
  'filtered',
  /** In the window, but what is aggregated is NULL. */
  'null_input',
  'superseded',
  'lost_tie',
  'expired',
  /** A dimension's row that had ceased to hold. */
  'ended',
  'before_window',
  /** At or after the window's upper edge, and not later than t. */
  'after_window',
  /** In the window, but a gap lies between it and the session that is open at the window's end. */
  'earlier_session',
  /** Not later than t, but could be known only after it, or never. */
  'not_available',
  'future',
  'no_time',
] as const;
export type Reason = (typeof REASONS)[number];

/** How the rows of one view are judged, over `e` (the source's rows with the point's columns) and `c` (the chosen one). */
export interface Judgement {
  /** What each row needs beside its keys and its time, over the source's own columns. */
  inputs: string[];
  /** Tests in order with the reason that each gives; the last one's test is `true`. */
  cases: [test: string, reason: Reason][];
  /** Which rows make the open session; null where the window has none. The cases may then name `__ended`. */
  session: { gap: bigint; end: string; inside: string } | null;
  /** For a ratio: whether a row that counts does so above and below. */
  sides: [of: string, over: string] | null;
  /** Whether a row that counted decided the value; null where all of them did. */
  decides: string | null;
}

/** Of the first feature of `compiled`. */
export function judgementOf(compiled: CompiledView): Judgement {
  switch (compiled.view.kind) {
    case 'table':
      return tableJudgement(compiled);
    case 'aggregate':
      return windowJudgement(compiled);
    case 'dimension':
      return intervalJudgement(compiled);
  }
}

/** What no row can have a part in the value for, whatever the view. */
function invisible(compiled: CompiledView): Judgement['cases'] {
  return [
    ['e."__at" IS NULL OR e."__t" IS NULL', 'no_time'],
    ['e."__at" > e."__t"', 'future'],
    ...knownBy(compiled, 'e."__t"').map((test): [string, Reason] => [
      `(${test}) IS NOT TRUE`,
      'not_available',
    ]),
  ];
}

function tableJudgement(compiled: CompiledView): Judgement {
  const { ttl } = compiled.view;
  return {
    inputs: [],
    cases: [
      ...invisible(compiled),
      [ttl === null ? 'false' : `e."__at" < e."__t" - ${ttl}`, 'expired'],
      ['e."__order" = c."__won"', 'won'],
      ['e."__at" = c."__at"', 'lost_tie'],
      ['true', 'superseded'],
    ],
    session: null,
    sides: null,
    decides: null,
  };
}

function intervalJudgement(compiled: CompiledView): Judgement {
  return {
    inputs: [`epoch_us(${quote(compiled.view.validity!.to)}) AS "__until"`],
    cases: [
      ...invisible(compiled),
      ['e."__until" <= e."__t"', 'ended'],
      ['e."__order" = c."__won"', 'won'],
      // Rows of a key do not overlap: a set with such rows is not built.
      ['true', 'superseded'],
    ],
    session: null,
    sides: null,
    decides: null,
  };
}

function windowJudgement(compiled: CompiledView): Judgement {
  const { aggregations, window } = compiled.features[0]!;
  const { lo, hi } = windowEdges(window!, 'e."__t"');
  const inputs = aggregations.flatMap(({ of, where }, side) => [
    ...(of === '*' ? [] : [`${enclose(of)} AS "__e${side}"`]),
    ...(where === null ? [] : [`coalesce(CAST(${enclose(where)} AS BOOLEAN), false) AS "__f${side}"`]),
  ]);
  const belongs = aggregations.map(({ where }, side) => (where === null ? 'true' : `e."__f${side}"`));
  const takes = aggregations.map(({ fn, of }, side) =>
    of === '*' || TAKES_NULL.has(fn) ? belongs[side]! : `${belongs[side]} AND e."__e${side}" IS NOT NULL`,
  );
  const gap = window!.session;
  const barred = [...invisible(compiled).map(([test]) => test), `e."__at" < ${lo}`, `e."__at" >= ${hi}`];
  const any = (tests: readonly string[]) => (tests.length === 0 ? 'true' : `(${tests.join(' OR ')})`);
  return {
    inputs,
    cases: [
      ...invisible(compiled),
      [`e."__at" < ${lo}`, 'before_window'],
      [`e."__at" >= ${hi}`, 'after_window'],
      ...(gap === undefined ? [] : [['e."__ended"', 'earlier_session'] satisfies [string, Reason]]),
      [`NOT ${any(belongs)}`, 'filtered'],
      [`NOT ${any(takes)}`, 'null_input'],
      ['true', 'counted'],
    ],
    session:
      gap === undefined
        ? null
        : { gap, end: sessionEnd(window!, 'e."__t"'), inside: `(${any(barred)}) IS NOT TRUE` },
    sides: takes.length === 2 ? [takes[0]!, takes[1]!] : null,
    decides: decidesSql(aggregations, takes),
  };
}

/** Aggregations to which a NULL is a value like any other. */
const TAKES_NULL: ReadonlySet<string> = new Set(['first', 'last', 'last_n']);
