import { IntervalUnit, TimeUnit, Type, type Field } from '@uwdata/flechette';
import { dateText, decimalText, intervalText, nanosecondText, timeText } from './value-text';

type Convert = (value: unknown) => unknown;
const same: Convert = (value) => value;

/** The mark by which DuckDB tells a 128-bit unsigned number from 16 bytes. */
const UHUGEINT_MARK = /"type_name":"uhugeint"/;

/** Turns what flechette gives for one Arrow field into a plain value; see `decodeColumns`. Null never comes here. */
export function valueConverter(field: Pick<Field, 'type' | 'metadata'>): Convert {
  const { type } = field;
  switch (type.typeId) {
    case Type.FixedSizeBinary:
      return UHUGEINT_MARK.test(field.metadata?.get('ARROW:extension:metadata') ?? '')
        ? (value) => unsignedOf(value as Uint8Array)
        : same;
    case Type.Decimal: {
      const scale = type.scale;
      return scale === 0
        ? (value) => BigInt(value as bigint | number)
        : (value) => decimalText(BigInt(value as bigint | number), scale);
    }
    case Type.Timestamp:
      if (type.unit === TimeUnit.SECOND) return (value) => (value as bigint) * 1_000_000n;
      if (type.unit === TimeUnit.MILLISECOND) return (value) => (value as bigint) * 1_000n;
      if (type.unit === TimeUnit.MICROSECOND) return same;
      return (value) => nanosecondText(value as bigint);
    case Type.Date:
      return (value) => dateText(value as number);
    case Type.Time:
      return (value) => timeText(BigInt(value as bigint | number), type.unit);
    case Type.Interval:
      return type.unit === IntervalUnit.MONTH_DAY_NANO
        ? (value) => intervalText(value as ArrayLike<number | bigint>)
        : same;
    case Type.List:
    case Type.LargeList:
    case Type.FixedSizeList: {
      const element = nullable(valueConverter(type.children[0]!));
      return (value) => Array.from(value as Iterable<unknown>, element);
    }
    case Type.Struct: {
      const fields = type.children.map((child) => [child.name, nullable(valueConverter(child))] as const);
      return (value) =>
        Object.fromEntries(
          fields.map(([name, convert]) => [name, convert((value as Record<string, unknown>)[name])]),
        );
    }
    case Type.Map: {
      const entry = type.children[0]!.type;
      if (entry.typeId !== Type.Struct) return same;
      const key = valueConverter(entry.children[0]!);
      const item = nullable(valueConverter(entry.children[1]!));
      return (value) => Array.from(value as Iterable<[unknown, unknown]>, ([k, v]) => [key(k), item(v)]);
    }
    default:
      return same;
  }
}

function nullable(convert: Convert): Convert {
  return (value) => (value === null || value === undefined ? null : convert(value));
}

function unsignedOf(littleEndian: Uint8Array): bigint {
  return littleEndian.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
}
