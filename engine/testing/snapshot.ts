import {
  binary,
  bool,
  columnFromArray,
  float32,
  float64,
  int32,
  int64,
  list,
  tableFromColumns,
  tableToIPC,
  timestamp,
  TimeUnit,
  utf8,
  type DataType,
} from '@uwdata/flechette';
import type { FeatureType, ScalarType } from '../catalog/model';
import type { ArrowBytes } from '../database/database';
import { isListType, itemType } from '../online/feast-value';
import { EVENT_TIME_COLUMN } from '../online/job';

const TYPES: Record<ScalarType, () => DataType> = {
  int32: () => int32(),
  int64: () => int64(),
  float32: () => float32(),
  float64: () => float64(),
  bool: () => bool(),
  string: () => utf8(),
  bytes: () => binary(),
  timestamp: () => timestamp(TimeUnit.MICROSECOND),
};

const arrowType = (type: FeatureType): DataType =>
  isListType(type) ? list(TYPES[itemType(type)]()) : TYPES[itemType(type)]();

/** flechette's builder takes milliseconds for a timestamp of any unit. */
const forBuilder = (type: FeatureType, value: unknown): unknown => {
  if (Array.isArray(value)) return value.map((item) => forBuilder(itemType(type), item));
  return itemType(type) === 'timestamp' && typeof value === 'bigint' ? Number(value) / 1000 : value;
};

export interface SnapshotColumn {
  name: string;
  type: FeatureType;
  /** bigint for int64 and timestamp (microseconds); null = NULL. */
  values: unknown[];
}

/** A snapshot as an Arrow IPC stream; `eventTimes` are microseconds UTC. */
export function snapshot(
  keys: readonly SnapshotColumn[],
  eventTimes: readonly bigint[],
  features: readonly SnapshotColumn[],
): ArrowBytes {
  const time: SnapshotColumn = { name: EVENT_TIME_COLUMN, type: 'int64', values: [...eventTimes] };
  const columns = [...keys, time, ...features].map(
    ({ name, type, values }) =>
      [
        name,
        columnFromArray(
          values.map((value) => forBuilder(type, value)),
          arrowType(type),
          { useBigInt: true, useBigIntTimestamp: true },
        ),
      ] as const,
  );
  const bytes = tableToIPC(tableFromColumns(columns.map(([name, column]) => [name, column])), {
    format: 'stream',
  });
  if (!(bytes instanceof Uint8Array)) throw new Error('No Arrow bytes came out.');
  return bytes;
}
