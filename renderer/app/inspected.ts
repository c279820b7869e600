import type { Catalog } from '../../engine/catalog/model';
import type { ColumnInfo } from '../../engine/database/database';
import { trainingTable } from '../../engine/training/training-set';
import type { CatalogItem } from '../catalog/catalog-nodes';
import type { ShownPlan } from '../inspector/PlanList';
import type { EngineSession } from '../store/session';

/** A column of a cell's rows that is looked at. */
export interface InspectedCell {
  name: string;
  kind: string;
  relation: string | null;
  column: ColumnInfo;
  runId: string;
}

export function relationOf(cell: InspectedCell): { schema: string; name: string } {
  return cell.kind === 'training-set'
    ? trainingTable(cell.name)
    : { schema: 'main', name: cell.relation ?? cell.name };
}

const ITEM_KINDS = [
  'source',
  'entity',
  'view',
  'training-set',
  'query',
  'skew',
  'drift',
  'audit',
  'chart',
] as const;

/** The definition that a column belongs to: the feature where it is one, else the cell's own. */
export function itemOfCell(cell: InspectedCell, catalog: Catalog | null): CatalogItem | null {
  if (catalog === null) return null;
  const ref = catalog.trainingSets
    .get(cell.name)
    ?.features.find((feature) => feature.column === cell.column.name);
  if (ref !== undefined) return { kind: 'feature', name: `${ref.view}:${ref.feature}` };
  const feature = catalog.views
    .get(cell.name)
    ?.features.find((candidate) => candidate.name === cell.column.name);
  if (feature !== undefined) return { kind: 'feature', name: `${cell.name}:${feature.name}` };
  const kind = ITEM_KINDS.find((candidate) => candidate === cell.kind);
  return kind === undefined ? null : { kind, name: cell.name };
}

/** How the built training sets among `cells` got the values of a set or a view. */
export function plansOf(
  session: Pick<EngineSession, 'trainingSet'>,
  item: CatalogItem,
  cells: readonly string[],
): ShownPlan[] {
  return cells.flatMap((set) =>
    (session.trainingSet(set)?.plans ?? [])
      .filter(({ view }) =>
        item.kind === 'training-set' ? set === item.name : item.kind === 'view' && view === item.name,
      )
      .map((choice) => ({ set, choice })),
  );
}
