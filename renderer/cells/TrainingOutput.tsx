import { useCallback, useEffect, useMemo, useState } from 'react';
import { featuresOf, type TrainingResult, type ValueStatus } from '../../engine/results';
import { trainingTable } from '../../engine/training/training-set';
import { useSame } from '../app/useSame';
import { FeatureCards } from '../results/FeatureCards';
import { ResultGrid } from '../results/ResultGrid';
import type { CellStatus, ColumnProfile, GridRow } from '../results/types';
import { useApp, useAppStore } from '../store/context';
import type { OutputProps } from './CellOutput';
import { TrainingBar, WholeButton } from './TrainingBar';
import { Warnings } from './Warnings';
import { GRID_HEIGHT } from './RelationOutput';
import { defaultPolicies, policyNote } from './default-policy';
import { relationSource } from './relation-source';

/** The rows of a training set with a status beside each feature value, and a card per feature. */
export function TrainingOutput({ block, entry, run }: OutputProps) {
  const store = useAppStore();
  const result = run.result as TrainingResult;
  const { doneId } = entry;
  const session = useApp((state) => state.engine.session);
  const catalog = useApp((state) => state.analysis.shown);
  const policies = useMemo(() => defaultPolicies(catalog, result.means), [catalog, result.means]);
  const [profiles, setProfiles] = useState<ReadonlyMap<string, ColumnProfile>>(new Map());
  const [selected, setSelected] = useState<string | null>(null);
  // Counts that follow are news of the same rows: what rests on the rows alone is not drawn or asked for again.
  const features = useSame(
    useMemo(() => featuresOf(result).map(({ ref, column }) => ({ ref, column })), [result]),
  );
  const { rows, columns } = run;
  const positions = useMemo(
    () => new Map(features.map(({ ref, column }, index) => [column, { ref, index }])),
    [features],
  );
  const statusColumns = useMemo(() => [...positions.keys()], [positions]);

  const source = useMemo(() => {
    if (session === null) return null;
    const hidden = features.flatMap((_, index) => [
      `__status_${index}`,
      `__naive_${index}`,
      `__leaks_${index}`,
    ]);
    return relationSource({
      database: session.database,
      at: trainingTable(block.name),
      key: `${block.id} ${doneId}`,
      rows: rows ?? 0,
      columns,
      hidden: ['__row', ...hidden],
      order: '__row',
    });
  }, [session, rows, columns, features, block.id, block.name, doneId]);

  useEffect(() => {
    const controller = new AbortController();
    const read = async () => {
      const found = new Map<string, ColumnProfile>();
      for (const { column } of features) {
        const profile = await source?.profile?.(column, controller.signal);
        if (profile === undefined || controller.signal.aborted) return;
        found.set(column, profile);
        setProfiles(new Map(found));
      }
    };
    void read().catch(() => undefined);
    return () => controller.abort();
  }, [source, features]);

  const cellStatus = useCallback(
    (_row: number, column: string, values: GridRow): CellStatus | null => {
      const found = positions.get(column);
      if (found === undefined) return null;
      const status = values[`__status_${found.index}`] as ValueStatus;
      const leaks = values[`__leaks_${found.index}`] === true;
      return { status, leaks, note: policyNote(status, policies.get(found.ref)) };
    },
    [positions, policies],
  );

  if (source === null) return null;
  return (
    <>
      <TrainingBar name={block.name} entry={entry} result={result} />
      <Warnings warnings={result.warnings} />
      <ResultGrid
        source={source}
        cellStatus={cellStatus}
        statusColumns={statusColumns}
        height={GRID_HEIGHT}
        label={`rows of ${block.name}`}
        onSelectValue={({ row, column, value, values }) =>
          store.getState().selection.inspect({ type: 'value', cell: block.name, column, row, value, values })
        }
      />
      <FeatureCards
        result={result}
        whole={
          result.sample === null ? null : <WholeButton name={block.name} disabled={entry.phase !== 'done'} />
        }
        profiles={profiles}
        policies={policies}
        selected={selected}
        onSelect={(ref) => {
          setSelected(ref);
          store.getState().selection.inspect({ type: 'catalog', item: { kind: 'feature', name: ref } });
        }}
      />
    </>
  );
}
