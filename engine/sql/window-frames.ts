import type { TimeWindow } from '../catalog/window';
import type { CompiledView } from './compiled-view';
import { keyColumns } from './compiled-view';
import { block, printSelect } from './select';
import { windowEdges } from './window-edges';
import { finished, lastColumns, type Pass, passFeatures } from './window-pass';
import type { PassOptions } from './window-join';

/**
 * Points and events on one time line an entity, and RANGE frames over it: columns as in `windowJoinSql`. Sorts
 * everything once, whatever the windows; costs little more for a dense entity than for a sparse one. Not for aggregates
 * that depend on the order of events, nor where events become known later than they happen.
 */
export function windowFramesSql(compiled: CompiledView, pass: Pass, options: PassOptions): string {
  const keys = keyColumns(compiled.keys);
  const features = passFeatures(compiled, pass, () => 'e."__event"');
  const frame = (window: number): string => {
    const { lo, hi } = windowEdges(pass.windows[window]!, 'e."__at"');
    const [from, to] = [`e."__at" - (${lo})`, `e."__at" - (${hi}) + 1`];
    // DuckDB looks for a preceding bound before the row only, and would miss events that tie with it.
    const until = includesT(pass.windows[window]!) ? 'CURRENT ROW' : `(${to}) PRECEDING`;
    return (
      `(PARTITION BY ${keys.map((key) => `e.${key}`).join(', ')} ORDER BY e."__at" ` +
      `RANGE BETWEEN (${from}) PRECEDING AND ${until})`
    );
  };
  const over = features.flatMap(({ sides, window }) =>
    sides.flatMap((side) => side.states.map(({ name, event }) => `${event} OVER w${window} AS "${name}"`)),
  );
  const last = options.keepLast
    ? lastColumns(compiled, features, () => 'e."__event"').map((text, at) =>
        text.replace(' AS "__last', ` OVER w${features[at]!.window} AS "__last`),
      )
    : [];
  const line = [
    printSelect({
      columns: ['*', 'true AS "__event"', 'NULL::BIGINT AS "__row"'],
      from: ['event'],
      where: ['"__at" IS NOT NULL', ...keys.map((key) => `${key} IS NOT NULL`)],
    }),
    printSelect({
      columns: ['"__t" AS "__at"', ...keys, 'false AS "__event"', '"__row"'],
      from: ['point'],
      where: ['"__t" IS NOT NULL', ...keys.map((key) => `${key} IS NOT NULL`)],
    }),
  ].join('\nUNION ALL BY NAME\n');
  const windows = pass.windows.map((_, window) => `w${window} AS ${frame(window)}`).join(',\n  ');
  const framed = `${printSelect({
    columns: [
      'e."__row"',
      ...pass.windows.map(
        (_, window) => `count(*) FILTER (WHERE e."__event") OVER w${window} AS "__n${window}"`,
      ),
      ...over,
      ...last,
    ],
    from: [`${block(line)} AS e`],
  })}\nWINDOW ${windows}`;
  return printSelect({
    columns: [
      '"__row"',
      ...pass.windows.map((_, window) => `"__n${window}"`),
      ...features.map((feature) => `${finished(feature)} AS "__v${feature.index}"`),
      ...(options.keepLast ? features.map(({ index }) => `"__last${index}"`) : []),
    ],
    from: [`${block(framed)} AS g`],
    where: ['"__row" IS NOT NULL'],
  });
}

/** Whether an event at the very time of the point lies in the window. */
function includesT({ offset, boundary }: TimeWindow): boolean {
  return offset === 0n && (boundary === 'closed' || boundary === 'open-closed');
}
