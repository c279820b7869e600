import type {
  AuditCheck,
  Catalog,
  Feature,
  FeatureRef,
  JoinKey,
  Source,
  TrainingSet,
} from '../catalog/model';
import { nameSuggestion } from '../catalog/names';
import { ORDER_COLUMN, sourceTable, type ColumnInfo } from '../database/database';
import type { ErrorCode } from '../errors';
import type { BindProblem } from '../sql/bind-problem';
import { compareKind, type FeatureKind } from '../sql/compared-value';
import { duckType } from '../sql/duck-type';
import { quote, relation } from '../sql/quote';
import { printSelect } from '../sql/select';
import { fitsKey } from '../training/training-plan';

/** A feature that the file holds a column of. */
export interface AuditedFeature {
  ref: FeatureRef;
  feature: Feature;
  /** The column of the file, and its DuckDB type. */
  column: string;
  type: string;
  kind: FeatureKind;
}

/** How the columns of a training file are read. */
export interface AuditPlan {
  check: AuditCheck;
  /** The file as a source: only the columns that the audit needs, its event time among them. */
  source: Source;
  columns: string[];
  /** The set whose spine is the file and whose features are the audited ones, in the training set's order. */
  truth: TrainingSet;
  keys: JoinKey[];
  features: AuditedFeature[];
  /** Features of the set that no column of the file holds, and columns that hold none. */
  absent: string[];
  unread: string[];
}

/** The name of an audited file as a source; no cell can have it. */
export function auditedName(cell: string): string {
  return `__audit_${cell}`;
}

/** The audited file as a source of its own, by its columns alone. */
export function auditedFile(check: AuditCheck): Source {
  return {
    name: auditedName(check.name),
    files: [check.file],
    timestamp: null,
    availableAt: null,
    description: '',
  };
}

/** Finds each key, the time and each feature among the file's columns; `plan` is null when there are problems. */
export function planAudit(
  catalog: Catalog,
  check: AuditCheck,
  columns: readonly ColumnInfo[],
): { plan: AuditPlan | null; problems: BindProblem[] } {
  const set = catalog.trainingSets.get(check.trainingSet);
  const problems: BindProblem[] = [];
  const report = (path: string[], code: ErrorCode, message: string, hint: string): void => {
    problems.push({ cell: check.name, path, offset: 0, length: 1, code, message, hint });
  };
  if (!set) return { plan: null, problems };
  const names = columns.map(({ name }) => name);
  const find = (name: string): ColumnInfo | undefined =>
    columns.find((column) => column.name === name) ??
    columns.find((column) => column.name.toLowerCase() === name.toLowerCase());
  const need = (name: string, path: string[], role: string, otherwise: string): ColumnInfo | undefined => {
    const found = find(name);
    if (found) return found;
    const hint = `${nameSuggestion(name, names, 'The file has no columns.')} ${otherwise}`.trim();
    report(path, 'catalog.unknown_column', `${check.file} has no column ${name}, ${role}.`, hint);
    return undefined;
  };

  for (const { column, view, feature } of check.columns)
    need(column, ['columns', column], `which should hold ${view}:${feature}`, '');
  const features = set.features.flatMap((ref) => {
    const feature = catalog.views.get(ref.view)?.features.find(({ name }) => name === ref.feature);
    const column = columnOf(check, ref, find);
    if (!feature || !column) return [];
    const kind = compareKind(duckType(feature.type), column.type);
    if (kind !== null) return [{ ref, feature, column: column.name, type: column.type, kind }];
    const message = `The column ${column.name} is ${column.type} in ${check.file}, and ${ref.view}:${ref.feature} is ${feature.type}.`;
    const path = check.columns.some((one) => one.column === column.name)
      ? ['columns', column.name]
      : ['file'];
    report(path, 'catalog.type_mismatch', message, 'Write the column in a type of the feature’s kind.');
    return [];
  });
  if (features.length === 0 && problems.length === 0) {
    const hint = `Name them under "columns", for instance { ${names[0] ?? 'column'}: ${refText(set.features[0])} }.`;
    const message = `${check.file} has no column named as a feature of ${set.name}.`;
    report(['file'], 'catalog.unknown_column', message, hint);
  }
  const [timePath, timeHint] =
    check.timestamp === null
      ? [['file'], 'Name it under "timestamp".']
      : [['timestamp'], 'It is the time of each row.'];
  const time = need(check.timestamp ?? set.timestamp, timePath, 'the event time', timeHint);
  const keys = keysOf(
    catalog,
    features.map(({ ref }) => ref.view),
  );
  const keyColumns = keys.map((key) => {
    const named = check.keys[key.name];
    const path = named === undefined ? ['file'] : ['keys', key.name];
    const hint = named === undefined ? `Name it under "keys": { ${key.name}: <column> }.` : '';
    const column = need(named ?? key.name, path, `the join key ${key.name}`, hint);
    if (column && !fitsKey(key.type, column.type)) {
      const message = `The join key ${column.name} is ${column.type} in ${check.file} and ${key.type} in its entity.`;
      const way =
        'Write it in a type of that kind; whole numbers as whole numbers, also where some are NULL.';
      report(path, 'catalog.type_mismatch', message, way);
    }
    return column;
  });
  if (problems.length > 0 || !time) return { plan: null, problems };
  const spine = [
    ...keys.map((key, index) => `${quote(keyColumns[index]!.name)} AS ${quote(key.name)}`),
    `${quote(time.name)} AS ${quote(set.timestamp)}`,
  ];
  const source = { ...auditedFile(check), timestamp: time.name };
  const read = new Set([
    time.name,
    ...keyColumns.map((one) => one!.name),
    ...features.map((one) => one.column),
  ]);
  const plan: AuditPlan = {
    check,
    source,
    columns: [...read],
    truth: {
      name: `__truth_${check.name}`,
      spineSql: printSelect({
        columns: spine,
        from: [relation(sourceTable(source.name))],
        orderBy: [quote(ORDER_COLUMN)],
      }),
      timestamp: set.timestamp,
      label: null,
      features: features.map(({ ref }) => ref),
      export: null,
    },
    keys,
    features,
    absent: set.features.filter((ref) => !features.some((one) => one.ref === ref)).map(refText),
    unread: names.filter((name) => !read.has(name) && name !== set.label),
  };
  return { plan, problems };
}

/** The column that the cell names for a feature, else the one with the feature's name or `view__feature`. */
function columnOf(
  check: AuditCheck,
  ref: FeatureRef,
  find: (name: string) => ColumnInfo | undefined,
): ColumnInfo | undefined {
  const named = check.columns.find((one) => one.view === ref.view && one.feature === ref.feature);
  if (named) return find(named.column);
  const taken = (column: ColumnInfo | undefined): ColumnInfo | undefined =>
    check.columns.some((one) => one.column === column?.name) ? undefined : column;
  return taken(find(ref.column)) ?? taken(find(`${ref.view}__${ref.feature}`));
}

function keysOf(catalog: Catalog, views: readonly string[]): JoinKey[] {
  const entities = new Set(views.flatMap((view) => catalog.views.get(view)?.entities ?? []));
  const keys = [...entities].flatMap((entity) => catalog.entities.get(entity)?.joinKeys ?? []);
  return keys.filter((key, index) => keys.findIndex((other) => other.name === key.name) === index);
}

function refText(ref: FeatureRef | undefined): string {
  return ref === undefined ? 'view:feature' : `${ref.view}:${ref.feature}`;
}
