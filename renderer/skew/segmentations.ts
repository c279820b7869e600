import type { SkewCheck } from '../../engine/catalog/model';
import { segmentationName } from '../../engine/skew/segments';
import type { SegmentBy } from '../../engine/skew/pair-filter';
import { exactKey } from './exact-key';
import type { NamedSegmentation } from './SegmentChoice';

const HOUR = 3_600_000_000n;
const STRETCHES: readonly [name: string, every: bigint][] = [
  ['hour', HOUR],
  ['day', 24n * HOUR],
  ['week of 7 d', 168n * HOUR],
];

/** By what rows can be told apart: first as the check declares, then by other columns of either side, then by time. */
export function segmentationsOf(
  check: Pick<SkewCheck, 'segments'> | null,
  columns: readonly Extract<SegmentBy, { kind: 'column' }>[],
  sides: readonly [string, string],
): NamedSegmentation[] {
  const declared = (check?.segments ?? []).flatMap((one): NamedSegmentation[] => {
    const column = one.kind === 'column' ? columns.find((by) => by.column === one.column) : undefined;
    const by: SegmentBy | undefined = one.kind === 'time' ? { kind: 'time', every: one.every } : column;
    return by === undefined ? [] : [{ by, name: segmentationName(one), group: 'declared' }];
  });
  const others = columns.map((by) => ({
    by,
    name: by.column,
    group: by.side === 'left' ? sides[0] : sides[1],
  }));
  const times = STRETCHES.map(([name, every]) => ({
    by: { kind: 'time', every } as const,
    name,
    group: 'time',
  }));
  const known = new Set(declared.map(({ by }) => exactKey(by)));
  return [...declared, ...[...others, ...times].filter(({ by }) => !known.has(exactKey(by)))];
}

/** What is shown before anything is chosen: what the check declares, else days. */
export function firstSegmentation(choices: readonly NamedSegmentation[]): SegmentBy {
  const [first] = choices;
  return first?.group === 'declared' ? first.by : { kind: 'time', every: 24n * HOUR };
}
