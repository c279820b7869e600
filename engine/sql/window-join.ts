import type { TimeWindow } from '../catalog/window';
import type { CompiledView } from './compiled-view';
import { castTo, sameKeys } from './compiled-view';
import { block, enclose, printSelect } from './select';
import { sessionSql } from './session';
import { leadOf, reachOf, sessionEnd, windowEdges } from './window-edges';
import { countColumns, finished, lastColumns, type Pass, passFeatures, visibility } from './window-pass';

export interface PassOptions {
  /** Whether `__last<i>` is wanted. */
  keepLast: boolean;
  /** Whether an event counts before it could be known. */
  ignoreAvailability: boolean;
  /** Whether points meet only the stretches of the time line that their windows touch; worth it in a long history. */
  stretches: boolean;
}

/**
 * Pairs of point and event, then one group a point: `__row`, `__n<w>` per window, `__v<i>` and, where asked for, `__last<i>`
 * per feature. Costs time per pair: best while windows hold tens or hundreds of events.
 */
export function windowJoinSql(compiled: CompiledView, pass: Pass, options: PassOptions): string {
  const inWindow = (window: number): string | null =>
    insideTest(pass, window) === null ? null : `e."__in${window}"`;
  const features = passFeatures(compiled, pass, inWindow);
  const ordered = pass.whole || features.some(({ sides }) => sides.some((side) => side.ordered));
  const states = features.flatMap(({ sides }) => sides.flatMap((side) => side.states));
  const groups = printSelect({
    columns: [
      '"__row"',
      ...countColumns(pass, inWindow),
      ...states.map(({ name, event }) => `${event} AS "${name}"`),
      ...(pass.whole ? pass.features.map((index) => wholeColumn(compiled, index)) : []),
      ...(options.keepLast ? lastColumns(compiled, features, inWindow) : []),
    ],
    from: [`${block(eventsSql(compiled, pass, options, ordered))} AS e`],
    groupBy: ['"__row"'],
  });
  if (pass.whole) return groups;
  return printSelect({
    columns: [
      '"__row"',
      ...pass.windows.map((_, window) => `"__n${window}"`),
      ...features.map((feature) => `${finished(feature)} AS "__v${feature.index}"`),
      ...(options.keepLast ? features.map(({ index }) => `"__last${index}"`) : []),
    ],
    from: [`${block(groups)} AS g`],
  });
}

/** An aggregate that the user wrote, over the events that it is given. */
export function wholeColumn(compiled: CompiledView, index: number): string {
  const { feature, expression } = compiled.features[index]!;
  return `${castTo(feature, enclose(expression!))} AS "__v${index}"`;
}

/** The pairs that count: those of the open session where the pass's window has one. */
function eventsSql(compiled: CompiledView, pass: Pass, options: PassOptions, ordered: boolean): string {
  const gap = pass.windows[0]!.session;
  if (gap === undefined) return pairsSql(compiled, pass, options, ordered);
  return printSelect({
    columns: ['*'],
    from: [`${block(sessionSql(pairsSql(compiled, pass, options, false), gap, null))} AS e`],
    where: ['NOT e."__ended"'],
    orderBy: ordered ? ['e."__order"'] : [],
  });
}

function pairsSql(compiled: CompiledView, pass: Pass, options: PassOptions, ordered: boolean): string {
  const edges = pass.windows.map((window) => windowEdges(window, '"__t"'));
  const single = edges.length === 1;
  const least = single ? '"__lo0"' : `least(${edges.map((_, at) => `"__lo${at}"`).join(', ')})`;
  const greatest = single ? '"__hi0"' : `greatest(${edges.map((_, at) => `"__hi${at}"`).join(', ')})`;
  const bounded = printSelect({
    columns: ['*', ...edges.flatMap(({ lo, hi }, at) => [`${lo} AS "__lo${at}"`, `${hi} AS "__hi${at}"`])],
    from: ['point'],
  });
  const spanned = printSelect({
    columns: ['*', `${least} AS "__from"`, `${greatest} AS "__to"`],
    from: [`${block(bounded)} AS p`],
  });
  const step = stretchOf(pass);
  const [first, last] = [`"__from" // ${step}`, `("__to" - 1) // ${step}`];
  const near = options.stretches
    ? printSelect({
        columns: [
          '*',
          `unnest(CASE WHEN ${first} = ${last} THEN [${first}] ELSE [${first}, ${last}] END) AS "__stretch"`,
        ],
        from: [`${block(spanned)} AS p`],
      })
    : spanned;
  return printSelect({
    columns: [
      'p."__row"',
      ...pass.windows.flatMap((window) =>
        window.session === undefined ? [] : [`${sessionEnd(window, 'p."__t"')} AS "__end"`],
      ),
      ...edges.flatMap((_, at) => {
        const test = insideTest(pass, at);
        return test === null ? [] : [`${test} AS "__in${at}"`];
      }),
      'e.*',
    ],
    from: [
      `${block(near)} AS p`,
      `JOIN event AS e ON ${sameKeys(compiled.keys, 'e', 'p')}`,
      ...(options.stretches ? [`  AND e."__at" // ${step} = p."__stretch"`] : []),
      '  AND e."__at" < p."__to"',
      '  AND e."__at" >= p."__from"',
      ...visibility(compiled, options.ignoreAvailability).map((test) => `  AND ${test}`),
    ],
    orderBy: ordered ? ['e."__order"'] : [],
  });
}

/** Whether a joined event lies in one of the pass's windows; null where the join has seen to that. */
function insideTest({ windows }: Pass, at: number): string | null {
  const ends = new Set(windows.map((window) => windowEdges(window, 't').hi));
  const [own, ...others] = [windows[at]!, ...windows.filter((_, other) => other !== at)];
  const plain = (window: TimeWindow): boolean =>
    ['half-open', 'closed'].includes(window.boundary) && (window.shift ?? 0n) === 0n;
  // With one upper edge and lower edges that are not rounded, the longest window is what was joined.
  const longest = others.every((one) => plain(one) && one.offset === own.offset && one.length <= own.length);
  if (ends.size === 1 && plain(own) && longest) return null;
  const tests = [`e."__at" >= p."__lo${at}"`, ...(ends.size === 1 ? [] : [`e."__at" < p."__hi${at}"`])];
  return `(${tests.join(' AND ')})`;
}

/** As long as all windows of the pass together, so that they touch two stretches at most. Microseconds. */
export function stretchOf(pass: Pass): bigint {
  const most = (lengths: readonly bigint[]): bigint => lengths.reduce((all, one) => (one > all ? one : all));
  return most(pass.windows.map(reachOf)) + most(pass.windows.map(leadOf)) + 1n;
}
