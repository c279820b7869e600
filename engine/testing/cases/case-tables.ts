import type { FeatureType } from '../../catalog/model';
import { duckType } from '../../sql/duck-type';
import { literal, type SqlValue } from '../../sql/literal';
import type { OracleEvent, OracleSpineRow } from '../oracle/definition';
import type { OracleValue } from '../oracle/value';
import { keyNames } from './case-catalog';
import type { OracleCase } from './oracle-case';
import { PAYLOAD_TYPES } from './payload';

interface Column<Row> {
  name: string;
  type: FeatureType;
  value: (row: Row) => OracleValue;
}

/**
 * Statements that make a case's tables: sources `events` and `late`, and the spine `spine_rows`. The sources have the
 * same rows unless told otherwise.
 */
export function tablesSql(one: OracleCase, late: readonly OracleEvent[] = one.events): string {
  return [
    ...tableSql('_plumb.source_events', eventColumns(one), one.events),
    ...tableSql('_plumb.source_late', eventColumns(one), late),
    spineSql(one),
  ].join(';\n');
}

/** Statements that make the spine alone. */
export function spineSql(one: OracleCase): string {
  return tableSql('main.spine_rows', spineColumns(one), one.spine).join(';\n');
}

export function eventColumns(one: OracleCase): Column<OracleEvent>[] {
  return [
    ...keyColumns<OracleEvent>(one),
    { name: 'ts', type: 'timestamp', value: ({ at }) => at },
    { name: 'made', type: 'timestamp', value: ({ made }) => made },
    { name: 'available', type: 'timestamp', value: ({ available }) => available },
    { name: 'until', type: 'timestamp', value: ({ until }) => until },
    ...Object.entries(PAYLOAD_TYPES).map(([name, type]) => ({
      name,
      type,
      value: ({ payload }: OracleEvent) => payload[name]!,
    })),
    { name: '__order', type: 'int64', value: ({ order }) => BigInt(order) },
  ];
}

function spineColumns(one: OracleCase): Column<OracleSpineRow>[] {
  return [
    ...keyColumns<OracleSpineRow>(one),
    { name: 'ts', type: 'timestamp', value: ({ t }) => t },
    { name: 'r', type: 'float64', value: ({ r }) => r },
  ];
}

function keyColumns<Row extends { keys: OracleValue[] }>(one: OracleCase): Column<Row>[] {
  return keyNames(one).map((name, index) => ({
    name,
    type: one.keyTypes[index]!,
    value: ({ keys }) => keys[index]!,
  }));
}

/** A table of the rows in their order. Instants go in as whole numbers, which lose nothing. */
function tableSql<Row>(table: string, columns: readonly Column<Row>[], rows: readonly Row[]): string[] {
  const raw = `_plumb.raw_${table.replace('.', '_')}`;
  const stored = columns.map(
    ({ name, type }) => `${name} ${type === 'timestamp' ? 'BIGINT' : duckType(type)}`,
  );
  const values = rows.map(
    (row) => `(${columns.map(({ value }) => literal(value(row) as SqlValue)).join(', ')})`,
  );
  const shown = columns.map(({ name, type }) =>
    type === 'timestamp' ? `make_timestamp(${name}) AS ${name}` : name,
  );
  return [
    `CREATE OR REPLACE TABLE ${raw} (${stored.join(', ')})`,
    ...(values.length === 0 ? [] : [`INSERT INTO ${raw} VALUES ${values.join(', ')}`]),
    `CREATE OR REPLACE TABLE ${table} AS SELECT ${shown.join(', ')} FROM ${raw}`,
  ];
}
