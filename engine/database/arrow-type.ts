import { DateUnit, TimeUnit, Type, type DataType } from '@uwdata/flechette';

const UNITS: Record<number, string> = {
  [TimeUnit.SECOND]: 's',
  [TimeUnit.MILLISECOND]: 'ms',
  [TimeUnit.MICROSECOND]: 'us',
  [TimeUnit.NANOSECOND]: 'ns',
};

/** An Arrow type in words, for messages and columns: `timestamp[us, tz=UTC]`, `list<utf8>`, `decimal128(18, 3)`. */
export function arrowTypeText(type: DataType): string {
  switch (type.typeId) {
    case Type.Int:
      return `${type.signed ? '' : 'u'}int${type.bitWidth}`;
    case Type.Float:
      return ['float16', 'float32', 'float64'][type.precision] ?? 'float';
    case Type.Decimal:
      return `decimal${type.bitWidth}(${type.precision}, ${type.scale})`;
    case Type.Timestamp:
      return `timestamp[${UNITS[type.unit]}${type.timezone ? `, tz=${type.timezone}` : ''}]`;
    case Type.Time:
      return `time${type.bitWidth}[${UNITS[type.unit]}]`;
    case Type.Duration:
      return `duration[${UNITS[type.unit]}]`;
    case Type.Date:
      return type.unit === DateUnit.DAY ? 'date32' : 'date64';
    case Type.Interval:
      return `interval[${['year_month', 'day_time', 'month_day_nano'][type.unit]}]`;
    case Type.FixedSizeBinary:
      return `fixed_size_binary[${type.stride}]`;
    case Type.FixedSizeList:
      return `fixed_size_list<${arrowTypeText(type.children[0]!.type)}>[${type.stride}]`;
    case Type.List:
    case Type.LargeList:
      return `list<${arrowTypeText(type.children[0]!.type)}>`;
    case Type.Struct:
      return `struct<${type.children.map((child) => `${child.name}: ${arrowTypeText(child.type)}`).join(', ')}>`;
    case Type.Map:
      return `map<${arrowTypeText(type.children[0]!.type)}>`;
    case Type.Dictionary:
      return `dictionary<${arrowTypeText(type.dictionary)}>`;
    default:
      return PLAIN[type.typeId] ?? `type ${type.typeId}`;
  }
}

const PLAIN: Record<number, string> = {
  [Type.Null]: 'null',
  [Type.Bool]: 'bool',
  [Type.Utf8]: 'utf8',
  [Type.LargeUtf8]: 'large_utf8',
  [Type.Utf8View]: 'utf8_view',
  [Type.Binary]: 'binary',
  [Type.LargeBinary]: 'large_binary',
  [Type.BinaryView]: 'binary_view',
  [Type.Union]: 'union',
};

/** Types that the engine would read wrongly or not at all; everything else was compared value by value. */
export function unsupportedReason(type: DataType): string | null {
  switch (type.typeId) {
    case Type.Interval:
      return 'intervals';
    case Type.Duration:
      return 'durations';
    case Type.Decimal:
      return type.bitWidth > 128 || type.precision > 38 ? 'decimals of more than 38 digits' : null;
    case Type.Union:
      return 'unions';
    case Type.Dictionary:
      return unsupportedReason(type.dictionary);
    default:
      for (const child of children(type)) {
        const reason = unsupportedReason(child);
        if (reason !== null) return reason;
      }
      return null;
  }
}

function children(type: DataType): DataType[] {
  return 'children' in type && Array.isArray(type.children)
    ? type.children.map((child: { type: DataType }) => child.type)
    : [];
}
