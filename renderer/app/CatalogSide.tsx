import { useMemo } from 'react';
import type { AuditResult, SkewResult } from '../../engine/results';
import type { DriftResult } from '../../engine/skew/drift/drift-result';
import { CatalogTree } from '../catalog/CatalogTree';
import type { CatalogFacts, CatalogItem } from '../catalog/catalog-nodes';
import { useApp, useAppStore } from '../store/context';

/** What the runs and the profile tell about the names in the catalog. */
function useFacts(): CatalogFacts {
  const byCell = useApp((state) => state.runs.byCell);
  const ranges = useApp((state) => state.analysis.sourceRanges);
  const catalog = useApp((state) => state.analysis.shown);
  const kept = useApp((state) => state.analysis.kept);
  const connections = useApp((state) => state.connections.list);
  return useMemo(() => {
    const runs = Object.entries(byCell).flatMap(([name, { run }]) =>
      run?.status === 'ok' ? [{ name, run }] : [],
    );
    const rows = new Map(
      runs.flatMap(({ name, run }) => (run.rows === null ? [] : [[name, run.rows] as const])),
    );
    const sources = [...(catalog?.sources.values() ?? [])].map((source) => {
      const range = ranges[source.name];
      const facts = {
        rows: rows.get(source.name) ?? null,
        from: range?.from ?? null,
        to: range?.to ?? null,
        files: source.files.length,
      };
      return [source.name, facts] as const;
    });
    const skews = Object.entries(byCell).flatMap(([name, { run }]) => {
      // A comparison past a limit of its gate has failed, and found what it found.
      if (run === null || !('unmatched' in run.result)) return [];
      const { features } = run.result as SkewResult;
      const differing = features.filter((feature) => feature.mismatches > 0).length;
      return [[name, { differing, features: features.length }] as const];
    });
    const drifts = Object.entries(byCell).flatMap(([name, { run }]) =>
      run !== null && 'freshness' in run.result
        ? [[name, (run.result as DriftResult).alarms.length] as const]
        : [],
    );
    const audits = Object.entries(byCell).flatMap(([name, { run }]) => {
      if (run === null || !('rows_not_right' in run.result)) return [];
      const { percent_not_right: percent } = run.result as AuditResult;
      return [[name, { percent, past: run.status !== 'ok' }] as const];
    });
    return {
      sources: new Map(sources),
      rows,
      skews: new Map(skews),
      drifts: new Map(drifts),
      audits: new Map(audits),
      connections: connections.map(({ name, host, port }) => ({ name, address: `${host}:${port}` })),
      kept,
    };
  }, [byCell, ranges, catalog, connections, kept]);
}

/** The catalog tree on the store: a choice scrolls to the cell and shows in the inspector. */
export function CatalogSide() {
  const store = useAppStore();
  const catalog = useApp((state) => state.analysis.shown);
  const inspected = useApp((state) => state.selection.inspected);
  const facts = useFacts();
  const selected = inspected?.type === 'catalog' ? inspected.item : null;
  const choose = (item: CatalogItem) => {
    const { selection, dialogs } = store.getState();
    if (item.kind === 'connection') return dialogs.show('connections');
    selection.goTo(item.kind === 'feature' ? (item.name.split(':')[0] ?? item.name) : item.name);
    selection.inspect({ type: 'catalog', item });
  };
  return <CatalogTree catalog={catalog} facts={facts} selected={selected} onSelect={choose} />;
}
