import { featureNamed } from '../catalog/feature-named';
import type {
  AuditCheck,
  Catalog,
  FeatureRef,
  JoinKey,
  NamedFeature,
  Source,
  TrainingSet,
} from '../catalog/model';
import { neededColumns } from '../catalog/needed-columns';
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
  feature: NamedFeature;
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
  const file = new FileColumns(check, columns);
  const { problems } = file;
  if (!set) return { plan: null, problems };
  for (const { column, view, feature } of check.columns)
    file.need(column, ['columns', column], `which should hold ${view}:${feature}`, '');
  const features = set.features.flatMap((ref) => audited(catalog, check, ref, file));
  if (features.length === 0 && problems.length === 0) {
    const hint = `Name them under "columns", for instance { ${columns[0]?.name ?? 'column'}: ${refText(set.features[0])} }.`;
    const message = `${check.file} has no column named as a feature of ${set.name}.`;
    file.report(['file'], 'catalog.unknown_column', message, hint);
  }
  const time =
    check.timestamp === null
      ? file.need(set.timestamp, ['file'], 'the event time', 'Name it under "timestamp".')
      : file.need(check.timestamp, ['timestamp'], 'the event time', '');
  const refs = features.map(({ ref }) => ref);
  const { keys, parameters } = neededColumns(catalog, refs);
  const read = [
    ...keys.map((key) => ({ name: key.name, column: keyColumn(check, key, file) })),
    { name: set.timestamp, column: time },
  ];
  for (const { name, ref } of parameters)
    if (!read.some((one) => one.name === name))
      read.push({ name, column: file.need(name, ['file'], `which ${ref} names`, '') });
  if (problems.length > 0 || !time) return { plan: null, problems };
  const source = { ...auditedFile(check), timestamp: time.name };
  const used = new Set([...read.map(({ column }) => column!.name), ...features.map((one) => one.column)]);
  const plan: AuditPlan = {
    check,
    source,
    columns: [...used],
    truth: {
      name: `__truth_${check.name}`,
      spineSql: printSelect({
        columns: read.map(({ name, column }) => `${quote(column!.name)} AS ${quote(name)}`),
        from: [relation(sourceTable(source.name))],
        orderBy: [quote(ORDER_COLUMN)],
      }),
      timestamp: set.timestamp,
      label: null,
      features: refs,
      export: null,
    },
    keys,
    features,
    absent: set.features.filter((ref) => !refs.includes(ref)).map(refText),
    unread: columns.flatMap(({ name }) => (used.has(name) || name === set.label ? [] : [name])),
  };
  return { plan, problems };
}

/** The file's columns, and what is wrong with them. */
class FileColumns {
  readonly problems: BindProblem[] = [];

  constructor(
    private readonly check: AuditCheck,
    private readonly columns: readonly ColumnInfo[],
  ) {}

  report(path: string[], code: ErrorCode, message: string, hint: string): void {
    this.problems.push({ cell: this.check.name, path, offset: 0, length: 1, code, message, hint });
  }

  find(name: string): ColumnInfo | undefined {
    return (
      this.columns.find((column) => column.name === name) ??
      this.columns.find((column) => column.name.toLowerCase() === name.toLowerCase())
    );
  }

  /** The same, with a problem where there is none. */
  need(name: string, path: string[], role: string, otherwise: string): ColumnInfo | undefined {
    const found = this.find(name);
    if (found) return found;
    const names = this.columns.map((column) => column.name);
    const hint = `${nameSuggestion(name, names, 'The file has no columns.')} ${otherwise}`.trim();
    this.report(path, 'catalog.unknown_column', `${this.check.file} has no column ${name}, ${role}.`, hint);
    return undefined;
  }
}

/** A feature with its column, where the file has one that can hold it. */
function audited(catalog: Catalog, check: AuditCheck, ref: FeatureRef, file: FileColumns): AuditedFeature[] {
  const feature = featureNamed(catalog, ref);
  const column = columnOf(check, ref, (name) => file.find(name));
  if (!feature || !column) return [];
  const kind = compareKind(duckType(feature.type), column.type);
  if (kind !== null) return [{ ref, feature, column: column.name, type: column.type, kind }];
  const named = check.columns.some((one) => one.column === column.name);
  file.report(
    named ? ['columns', column.name] : ['file'],
    'catalog.type_mismatch',
    `The column ${column.name} is ${column.type} in ${check.file}, and ${refText(ref)} is ${feature.type}.`,
    'Write the column in a type of the feature’s kind.',
  );
  return [];
}

function keyColumn(check: AuditCheck, key: JoinKey, file: FileColumns): ColumnInfo | undefined {
  const named = check.keys[key.name];
  const path = named === undefined ? ['file'] : ['keys', key.name];
  const hint = named === undefined ? `Name it under "keys": { ${key.name}: <column> }.` : '';
  const column = file.need(named ?? key.name, path, `the join key ${key.name}`, hint);
  if (column && !fitsKey(key.type, column.type)) {
    const message = `The join key ${column.name} is ${column.type} in ${check.file} and ${key.type} in its entity.`;
    const way = 'Write it in a type of that kind; whole numbers as whole numbers, also where some are NULL.';
    file.report(path, 'catalog.type_mismatch', message, way);
  }
  return column;
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

function refText(ref: FeatureRef | undefined): string {
  return ref === undefined ? 'view:feature' : `${ref.view}:${ref.feature}`;
}
