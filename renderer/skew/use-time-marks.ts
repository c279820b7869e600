import { useMemo } from 'react';
import type { SkewCheck } from '../../engine/catalog/model';
import type { MaterializeResult } from '../../engine/results';
import type { TimeMark } from '../results/charts/over-time';
import { useApp } from '../store/context';

/** Instants that the chart along time marks: releases that the check names, and this notebook's writes to a store. */
export function useTimeMarks(check: SkewCheck | null): readonly TimeMark[] {
  const byCell = useApp((state) => state.runs.byCell);
  const releases = check?.releases;
  const written = Object.values(byCell)
    .flatMap(({ run }) => (run?.kind === 'materialize' ? [run.result as Partial<MaterializeResult>] : []))
    .flatMap(({ receipt }) =>
      receipt === null || receipt === undefined ? [] : [`${Date.parse(receipt.finishedAt)} ${receipt.cell}`],
    )
    .join('\n');
  return useMemo(
    () => [
      ...(releases ?? []).map(({ name, at }) => ({ name, time: Number(at) / 1000 })),
      ...written
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => {
          const [time = '', cell = ''] = line.split(' ');
          return { name: `${cell} written`, time: Number(time) };
        }),
    ],
    [releases, written],
  );
}
