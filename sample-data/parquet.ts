import {
  Bool,
  DateDay,
  Field,
  Float64,
  Int32,
  Int64,
  makeData,
  RecordBatch,
  Schema,
  Struct,
  Table,
  tableToIPC,
  TimestampMicrosecond,
  Utf8,
  type DataType,
} from 'apache-arrow';
import { Compression, Table as WasmTable, writeParquet, WriterPropertiesBuilder } from 'parquet-wasm';

/** A column to be written; `null` values become NULLs. Instants are whole microseconds UTC, days count from 1970. */
export type Column =
  | { type: 'int64'; values: (bigint | null)[] }
  | { type: 'int32' | 'float64' | 'timestamp' | 'timestamp-utc' | 'date'; values: (number | null)[] }
  | { type: 'string'; values: (string | null)[] }
  | { type: 'bool'; values: (boolean | null)[] };

const ROW_GROUP_ROWS = 65_536;

function arrowType(column: Column): DataType {
  switch (column.type) {
    case 'int64':
      return new Int64();
    case 'int32':
      return new Int32();
    case 'float64':
      return new Float64();
    case 'timestamp':
      return new TimestampMicrosecond();
    case 'timestamp-utc':
      return new TimestampMicrosecond('UTC');
    case 'date':
      return new DateDay();
    case 'string':
      return new Utf8();
    case 'bool':
      return new Bool();
  }
}

function bitmap(values: readonly unknown[], isSet: (value: unknown) => boolean): Uint8Array {
  const bits = new Uint8Array(Math.ceil(values.length / 8));
  values.forEach((value, index) => {
    if (isSet(value)) bits[index >> 3] = (bits[index >> 3] ?? 0) | (1 << (index & 7));
  });
  return bits;
}

function arrowData(column: Column) {
  const length = column.values.length;
  const nullCount = column.values.reduce<number>((sum, value) => sum + (value === null ? 1 : 0), 0);
  const nullBitmap = nullCount === 0 ? undefined : bitmap(column.values, (value) => value !== null);
  const common = { length, nullCount, nullBitmap };
  switch (column.type) {
    case 'int64':
      return makeData({
        type: new Int64(),
        ...common,
        data: BigInt64Array.from(column.values, (v) => v ?? 0n),
      });
    case 'int32':
      return makeData({ type: new Int32(), ...common, data: Int32Array.from(column.values, (v) => v ?? 0) });
    case 'date':
      return makeData({
        type: new DateDay(),
        ...common,
        data: Int32Array.from(column.values, (v) => v ?? 0),
      });
    case 'float64':
      return makeData({
        type: new Float64(),
        ...common,
        data: Float64Array.from(column.values, (v) => v ?? 0),
      });
    case 'timestamp':
    case 'timestamp-utc':
      return makeData({
        type: new TimestampMicrosecond(column.type === 'timestamp' ? null : 'UTC'),
        ...common,
        data: BigInt64Array.from(column.values, (v) => BigInt(v ?? 0)),
      });
    case 'bool':
      return makeData({ type: new Bool(), ...common, data: bitmap(column.values, (v) => v === true) });
    case 'string':
      return stringData(column.values, common);
  }
}

function stringData(
  values: (string | null)[],
  common: { length: number; nullCount: number; nullBitmap: Uint8Array | undefined },
) {
  const encoder = new TextEncoder();
  const parts = values.map((value) => encoder.encode(value ?? ''));
  const valueOffsets = new Int32Array(values.length + 1);
  parts.forEach((part, index) => (valueOffsets[index + 1] = (valueOffsets[index] ?? 0) + part.length));
  const data = new Uint8Array(valueOffsets.at(-1) ?? 0);
  parts.forEach((part, index) => data.set(part, valueOffsets[index]));
  return makeData({ type: new Utf8(), ...common, valueOffsets, data });
}

/** One Parquet file (zstd, row groups of 65,536 rows); the same columns give the same bytes. */
export function toParquet(columns: Record<string, Column>): Uint8Array {
  const fields = Object.entries(columns).map(([name, column]) => new Field(name, arrowType(column), true));
  const children = Object.values(columns).map(arrowData);
  const schema = new Schema(fields);
  const length = children[0]?.length ?? 0;
  const batch = new RecordBatch(
    schema,
    makeData({ type: new Struct(fields), length, nullCount: 0, children }),
  );
  const properties = new WriterPropertiesBuilder()
    .setCompression(Compression.ZSTD)
    .setMaxRowGroupSize(ROW_GROUP_ROWS)
    .setCreatedBy('plumbline sample data')
    .build();
  return writeParquet(WasmTable.fromIPCStream(tableToIPC(new Table([batch]), 'stream')), properties);
}
