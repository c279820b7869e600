import type { Catalog } from '../../engine/catalog/model';
import type { Analysis } from '../../engine/notebook/analysis';

/** Which of the catalog's maps a kind of cell defines an entry of. */
const MAP_OF: Readonly<Record<string, keyof Catalog>> = {
  source: 'sources',
  entity: 'entities',
  view: 'views',
  query: 'queries',
  'training-set': 'trainingSets',
  skew: 'skews',
  drift: 'drifts',
  audit: 'audits',
  materialize: 'materializations',
  backfill: 'backfills',
  replay: 'replays',
  lookup: 'lookups',
  chart: 'charts',
};

/**
 * The catalog for the eye: a cell that is there but does not read right now, or rests on one that does not, keeps
 * its last valid definition, so that a tree or a list does not jump while its text is typed. `kept` names those.
 */
export function shownCatalog(
  before: Catalog | null,
  { catalog, cells }: Pick<Analysis, 'catalog' | 'cells'>,
): { shown: Catalog; kept: ReadonlySet<string> } {
  const kept = new Set<string>();
  if (before === null) return { shown: catalog, kept };
  const shown = { ...catalog } as Record<keyof Catalog, ReadonlyMap<string, unknown>>;
  for (const [name, { block }] of cells) {
    const map = MAP_OF[block.kind];
    if (map === undefined || catalog[map].has(name) || !before[map].has(name)) continue;
    kept.add(name);
  }
  if (kept.size === 0) return { shown: catalog, kept };
  for (const map of Object.values(MAP_OF))
    shown[map] = new Map(
      [...cells.keys()].flatMap((name) => {
        const found: unknown = catalog[map].get(name) ?? (kept.has(name) ? before[map].get(name) : undefined);
        return found === undefined ? [] : [[name, found] as const];
      }),
    );
  return { shown: shown as unknown as Catalog, kept };
}
