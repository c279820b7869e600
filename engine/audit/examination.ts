import type { Catalog } from '../catalog/model';
import { type Database, INTERNAL_SCHEMA, type QueryOptions } from '../database/database';
import { queryRows } from '../database/rows';
import type { CompiledView } from '../sql/compiled-view';
import { relation } from '../sql/quote';
import { printSelect } from '../sql/select';
import { createTable } from '../sql/training-set';
import { prepareView } from '../sql/view-facts';
import { type ValueOptions, valuesSql } from '../sql/view-values';
import type { AuditedFeature, AuditPlan } from './audit-plan';
import { differingRowsSql } from './differing-rows';
import { changesSql, nearestChanges, placesSql, pointsOf, triedPointsSql, triesSql } from './instants';
import { barredVerdictsSql, type ExaminedTables, type OtherReading, verdictsSql } from './verdicts';

/** The table of a feature's verdicts, see `verdictsSql`. */
export function verdictTable(audit: string, feature: number): string {
  return relation({ schema: INTERNAL_SCHEMA, name: `audit_part_${audit}_${feature}` });
}

/** The tables of one feature's examination; the next feature's take their place. */
export function examinedTables(audit: string): ExaminedTables {
  const table = (what: string): string =>
    relation({ schema: INTERNAL_SCHEMA, name: `audit_${what}_of_${audit}` });
  return {
    rows: table('rows'),
    changes: table('changes'),
    places: table('places'),
    tries: table('tries'),
    points: table('points'),
    values: table('tried'),
    early: table('early'),
    closed: table('closed'),
  };
}

const VALUES: ValueOptions = { keepKeys: false, ignoreTtl: false, keepExpired: false };

type Create = (table: string, select: string) => Promise<unknown>;

/**
 * Fills `verdictTable` for one feature; gives how many rows were tried at other instants. `column` is the feature's in
 * the built truth.
 */
export async function examineFeature(
  db: Database,
  catalog: Catalog,
  plan: AuditPlan,
  { audited, index, column }: { audited: AuditedFeature; index: number; column: string },
  options: QueryOptions & { large: ReadonlySet<string> },
): Promise<number> {
  const { name, tolerance } = plan.check;
  const { view, feature } = audited.ref;
  const tables = examinedTables(name);
  const create: Create = (table, select) => db.query(createTable(table, select), options);
  const isLarge = options.large.has(catalog.views.get(view)?.source ?? '');
  if (isLarge || catalog.onDemandViews.has(view)) {
    const barred = isLarge ? 'not_examined' : 'no_rule';
    await create(tables.rows, differingRowsSql(plan, audited, { barred }, { column, index }));
    await create(verdictTable(name, index), barredVerdictsSql(audited, tables.rows));
    return 0;
  }
  const compiled = await prepareView(db, catalog, view, [feature], options.signal);
  await create(tables.rows, differingRowsSql(plan, audited, compiled, { column, index }));
  const counted = printSelect({ columns: ['count(*) FILTER ("examined") AS "n"'], from: [tables.rows] });
  const [count] = await queryRows(db, counted, options);
  const examined = Number(count?.['n'] ?? 0);
  const nearest = nearestChanges(examined);
  await create(tables.changes, changesSql(compiled, tables.rows));
  await create(tables.places, placesSql(compiled, tables.rows, tables.changes));
  await create(tables.tries, triesSql(compiled, tables.places, tables.changes, nearest));
  await create(tables.points, triedPointsSql(compiled, tables.tries));
  await create(tables.values, valuesSql(compiled, pointsOf(compiled, tables.points), VALUES));
  const readings = await readOtherwise(compiled, tables, create);
  await create(
    verdictTable(name, index),
    verdictsSql(compiled, audited, tables, readings, { tolerance, nearest }),
  );
  return examined;
}

/** Values at the rows' own times under what people do without meaning to: each looks a little ahead. */
async function readOtherwise(
  compiled: CompiledView,
  tables: ExaminedTables,
  create: Create,
): Promise<OtherReading[]> {
  const readings: OtherReading[] = [];
  const here = pointsOf(compiled, tables.rows, ['"examined"']);
  // A dimension's row tells when it began to hold, not when that was known.
  if (compiled.availability !== null && compiled.view.kind !== 'dimension') {
    const asIfKnown = { ...VALUES, keepLast: true, ignoreAvailability: true };
    await create(tables.early, valuesSql(compiled, here, asIfKnown));
    readings.push({ reads: 'late_rows', table: tables.early });
  }
  if (compiled.features[0]?.window?.boundary === 'half-open') {
    const features = compiled.features.map((one) => ({
      ...one,
      window: one.window && { ...one.window, boundary: 'closed' as const },
    }));
    await create(tables.closed, valuesSql({ ...compiled, features }, here, VALUES));
    readings.push({ reads: 'closed_window', table: tables.closed });
  }
  return readings;
}
