import { useMemo, useState } from 'react';
import type { CatalogItem } from '../catalog/catalog-nodes';
import { readProfile } from '../cells/column-profile';
import { Inspector, type InspectorSubject } from '../inspector/Inspector';
import { explainValue } from '../../engine/training/explanation';
import { useApp, useAppStore } from '../store/context';
import { itemOfCell, plansOf, relationOf, type InspectedCell } from './inspected';
import { useLoaded } from './useLoaded';
import { relation } from '../../engine/sql/quote';

/** The inspector on the store: explains the selected value, profiles its column, shows its definition. */
export function InspectorSide() {
  const store = useAppStore();
  const inspected = useApp((state) => state.selection.inspected);
  const catalog = useApp((state) => state.analysis.shown);
  const current = useApp((state) => state.analysis.current?.catalog ?? null);
  const session = useApp((state) => state.engine.session);
  const columns = useApp((state) => state.analysis.sourceColumns);
  const byCell = useApp((state) => state.runs.byCell);

  const cell = useMemo((): InspectedCell | null => {
    if (inspected === null || inspected.type === 'catalog') return null;
    const entry = byCell[inspected.cell];
    const run = entry?.run ?? null;
    const column = run?.columns.find((info) => info.name === inspected.column);
    if (entry === undefined || entry.lost || run === null || column === undefined) return null;
    return {
      name: inspected.cell,
      kind: run.kind,
      relation: run.relation,
      column,
      runId: entry.doneId ?? '',
    };
  }, [inspected, byCell]);
  const item = useMemo(
    () => (inspected?.type === 'catalog' ? inspected.item : cell === null ? null : itemOfCell(cell, catalog)),
    [inspected, cell, catalog],
  );

  const profileKey = cell === null ? null : `${cell.name} ${cell.runId} ${cell.column.name}`;
  const profile = useLoaded(profileKey, (signal) => {
    if (session === null || cell === null) return null;
    return readProfile(session.database, relation(relationOf(cell)), cell.column, signal);
  });

  const row = inspected?.type === 'value' ? Number(inspected.values.__row ?? Number.NaN) : Number.NaN;
  const set = cell?.kind === 'training-set' ? current?.trainingSets.get(cell.name) : undefined;
  const explained = set !== undefined && item?.kind === 'feature' && !Number.isNaN(row);
  const explainedKey = explained ? `${profileKey} ${row}` : null;
  // From the selected value to the one that is explained: each is an input of the one before.
  const [trail, setTrail] = useState<{ of: string | null; refs: string[] }>({ of: null, refs: [] });
  const refs = trail.of === explainedKey ? trail.refs : [];
  const explanation = useLoaded(explained ? [explainedKey, ...refs].join(' ') : null, (signal) => {
    if (session === null || current === null || set === undefined || item === null) return null;
    const means = session.trainingSet(set.name)?.means;
    return explainValue(session.database, current, set, row, refs.at(-1) ?? item.name, { means, signal });
  });

  const plans = useMemo(
    () => (session === null || item === null ? [] : plansOf(session, item, Object.keys(byCell))),
    [session, item, byCell],
  );
  const subject = useMemo((): InspectorSubject | null => {
    if (inspected === null || (inspected.type !== 'catalog' && cell === null)) return null;
    return {
      item,
      column: cell === null ? null : { cell: cell.name, name: cell.column.name, type: cell.column.type },
      value:
        inspected.type === 'value'
          ? { row: inspected.row, value: inspected.value, explanation, nested: refs.length > 0 }
          : null,
      profile,
      columns: item?.kind === 'source' && cell === null ? (columns.get(item.name) ?? []) : [],
      plans,
    };
  }, [inspected, cell, item, explanation, refs.length, profile, columns, plans]);

  const onSelect = (chosen: CatalogItem) => {
    const { selection } = store.getState();
    selection.inspect({ type: 'catalog', item: chosen });
    selection.goTo(chosen.name.split(':')[0] ?? chosen.name);
  };
  const onExplain = (ref: string | null) =>
    setTrail({ of: explainedKey, refs: ref === null ? refs.slice(0, -1) : [...refs, ref] });
  return <Inspector subject={subject} catalog={catalog} onSelect={onSelect} onExplain={onExplain} />;
}
