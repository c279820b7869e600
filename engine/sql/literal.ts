import { PlumblineError } from '../errors';

/** A value that the printer below knows; a `Date` is deliberately not among them (milliseconds lose precision). */
export type SqlValue = null | boolean | number | bigint | string | Uint8Array | readonly SqlValue[];

/**
 * A value as SQL text that DuckDB reads back as exactly that value. Whole numbers of any size are printed in
 * digits; other numbers are DOUBLE. Text with a NUL, which SQL text cannot hold, is spliced with `chr(0)`.
 */
export function literal(value: SqlValue): string {
  if (value === null) return 'NULL';
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (typeof value === 'bigint') return integerLiteral(value);
  if (typeof value === 'number') return doubleLiteral(value);
  if (typeof value === 'string') return stringLiteral(value);
  if (value instanceof Uint8Array) return blobLiteral(value);
  return `[${value.map(literal).join(', ')}]`;
}

/** A literal of a DuckDB type: `CAST('1.5' AS DOUBLE)`. `type` is one of our own type names, never a user's text. */
export function typedLiteral(value: SqlValue, type: string): string {
  return `CAST(${literal(value)} AS ${type})`;
}

/** An instant, microseconds since 1970 UTC, as a TIMESTAMP. */
export function timestampLiteral(microseconds: bigint): string {
  return `make_timestamp(${integerLiteral(microseconds)})`;
}

const MIN_BIGINT = -(2n ** 63n);

function integerLiteral(value: bigint): string {
  // -9223372036854775808 parses as the negation of a HUGEINT.
  if (value === MIN_BIGINT) return `CAST('${value}' AS BIGINT)`;
  return value < 0n ? `(${value})` : String(value);
}

function doubleLiteral(value: number): string {
  if (Number.isNaN(value)) return "CAST('NaN' AS DOUBLE)";
  if (value === Infinity) return "CAST('Infinity' AS DOUBLE)";
  if (value === -Infinity) return "CAST('-Infinity' AS DOUBLE)";
  if (Object.is(value, -0)) return "CAST('-0.0' AS DOUBLE)";
  if (Number.isSafeInteger(value)) return integerLiteral(BigInt(value));
  return `CAST('${value}' AS DOUBLE)`;
}

function stringLiteral(text: string): string {
  if (/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/.test(text))
    throw new PlumblineError('sql.forbidden', 'a text value holds half of a surrogate pair', {
      hint: 'Use valid Unicode text.',
    });
  if (!text.includes('\0')) return `'${text.replaceAll("'", "''")}'`;
  const parts = text.split('\0').map((part) => `'${part.replaceAll("'", "''")}'`);
  return `(${parts.join(' || chr(0) || ')})`;
}

function blobLiteral(bytes: Uint8Array): string {
  const hex = Array.from(bytes, (byte) => `\\x${byte.toString(16).padStart(2, '0').toUpperCase()}`);
  return `'${hex.join('')}'::BLOB`;
}
