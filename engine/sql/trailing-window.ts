import {
  castTo,
  type CompiledFeature,
  type CompiledView,
  eventColumns,
  keyColumns,
  sameKeys,
} from './compiled-view';
import { chooseWindowPlans, type ForcedPlans } from './plan';
import { type Points, pointTable } from './points';
import { block, printSelect, type CommonTable } from './select';
import { entersAt, sameWindow } from './window-edges';
import { windowFramesSql } from './window-frames';
import { type PassOptions, wholeColumn, windowJoinSql } from './window-join';
import { eventSql, type Pass, windowsOf } from './window-pass';
import { windowTilesSql } from './window-tiles';

/**
 * Aggregates over trailing windows at points: columns `__row` and per feature i `__v<i>` (declared type, before the
 * default), `__s<i>` (status) and, where asked for, `__last<i>` (when the newest event that belongs to the feature was
 * seen, microseconds). The planner says which features go through which pass.
 */
export function trailingWindowSql(compiled: CompiledView, points: Points, options: WindowOptions): string {
  const { keys, features } = compiled;
  const entries = entriesOf(compiled);
  const { passes, stretches, step } = chooseWindowPlans(compiled, points, options.plans);
  const passOptions: PassOptions = {
    keepLast: options.keepLast,
    ignoreAvailability: options.ignoreAvailability,
    stretches,
  };
  const tables: CommonTable[] = [
    pointTable(points),
    { name: 'event', sql: eventSql(compiled), inline: true },
    { name: 'oldest', sql: oldestSql(compiled, options.ignoreAvailability) },
    ...passes.flatMap((pass, at) => [
      { name: `pass${at}`, sql: passSql(compiled, pass, { ...passOptions, step }) },
      ...(pass.whole ? [{ name: `nothing${at}`, sql: nothingSql(compiled, pass) }] : []),
    ]),
  ];
  return printSelect({
    with: tables,
    columns: [
      'p."__row"',
      ...(options.keepKeys ? keyColumns(keys).map((key) => `p.${key}`) : []),
      ...features.flatMap((feature, index) => {
        const at = passes.findIndex((pass) => pass.features.includes(index));
        const pass = passes[at]!;
        const window = pass.windows.findIndex((one) => sameWindow(one, feature.window!));
        const inside = `w${at}."__n${window}" > 0`;
        const oldest = `o."__from${entries.indexOf(entersAt(feature.window!, AT))}"`;
        const none = feature.expression === null ? nothing(feature) : `z${at}."__v${index}"`;
        return [
          `CASE WHEN ${inside} THEN w${at}."__v${index}" ELSE ${none} END AS "__v${index}"`,
          `CASE WHEN ${inside} THEN CASE WHEN w${at}."__v${index}" IS NULL THEN 'null' ELSE 'present' END ` +
            `WHEN ${oldest} <= p."__t" THEN 'expired' ELSE 'missing' END AS "__s${index}"`,
          ...(options.keepLast ? [`w${at}."__last${index}" AS "__last${index}"`] : []),
        ];
      }),
    ],
    from: [
      'point AS p',
      ...passes.flatMap((pass, at) => [
        `LEFT JOIN pass${at} AS w${at} ON w${at}."__row" = p."__row"`,
        ...(pass.whole ? [`LEFT JOIN nothing${at} AS z${at} ON true`] : []),
      ]),
      `LEFT JOIN oldest AS o ON ${sameKeys(keys, 'o', 'p')}`,
    ],
  });
}

export interface WindowOptions {
  /** Whether the points' keys are given again. */
  keepKeys: boolean;
  /** Whether `__last<i>` is wanted. */
  keepLast: boolean;
  /** Whether an event counts before it could be known, as a naive join would have it. */
  ignoreAvailability: boolean;
  plans?: ForcedPlans;
}

function passSql(compiled: CompiledView, pass: Pass, options: PassOptions & { step: bigint }): string {
  switch (pass.plan) {
    case 'join':
      return windowJoinSql(compiled, pass, options);
    case 'frames':
      return windowFramesSql(compiled, pass, options);
    case 'tiles':
      return windowTilesSql(compiled, pass, options);
  }
}

/** What whole expressions give over no event at all. */
function nothingSql(compiled: CompiledView, pass: Pass): string {
  return printSelect({
    columns: pass.features.map((index) => wholeColumn(compiled, index)),
    from: [compiled.source],
    where: ['false'],
  });
}

/** The value over no event. */
function nothing({ feature, aggregations }: CompiledFeature): string {
  const counts = aggregations[0]?.fn.includes('count') === true;
  return castTo(feature, aggregations.length === 1 && counts ? '0' : 'NULL');
}

const AT = 'e."__at"';

/** The different ways in which the windows' upper edges pass an event. */
function entriesOf({ features }: CompiledView): string[] {
  return [...new Set(windowsOf(features).map((window) => entersAt(window, AT)))];
}

/** Per entity and way, the first `t` at which some event lies below the window's upper edge and is known. */
function oldestSql(compiled: CompiledView, ignoreAvailability: boolean): string {
  const names = keyColumns(compiled.keys);
  const events = printSelect({
    columns: eventColumns(compiled, []),
    from: [compiled.sorted ?? compiled.source],
  });
  const late = compiled.availability !== null && !ignoreAvailability;
  return printSelect({
    columns: [
      ...names,
      ...entriesOf(compiled).map((enters, at) => {
        const from = late
          ? `CASE WHEN e."__known" IS NOT NULL THEN greatest(${enters}, e."__known") END`
          : enters;
        return `min(${from}) AS "__from${at}"`;
      }),
    ],
    from: [`${block(events)} AS e`],
    groupBy: names,
  });
}
