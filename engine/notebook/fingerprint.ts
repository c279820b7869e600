import { normalSql, sqlTokens } from './sql-tokens';

/** Keys whose value is SQL: layout and comments in it mean nothing. */
const SQL_KEYS = new Set([
  'sql',
  'where',
  'expression',
  'of',
  'over',
  'count',
  'count_distinct',
  'approx_count_distinct',
  'sum',
  'avg',
  'min',
  'max',
  'stddev',
  'variance',
  'first',
  'last',
  'mode',
  'entropy',
]);

/** Keys that are for people only: they change no value. */
const WORDS = new Set(['description', 'tags']);

/** Maps whose order is part of their meaning. */
const ORDERED = new Set(['join_keys', 'features']);

/** A definition's data as one text that is equal when the definitions mean the same. */
export function canonical(kind: string, data: unknown): string {
  return JSON.stringify(normal(data, null, kind === 'chart', 0));
}

function normal(value: unknown, key: string | null, verbatim: boolean, depth: number): unknown {
  if (typeof value === 'bigint') return { integer: value.toString() };
  if (typeof value === 'string')
    return !verbatim && key !== null && SQL_KEYS.has(key) ? sqlText(value) : value;
  if (Array.isArray(value)) return value.map((item) => normal(item, null, verbatim, depth + 1));
  if (typeof value !== 'object' || value === null) return value;
  const named = key !== null && ORDERED.has(key) && depth === 1 && !verbatim;
  const entries = Object.entries(value)
    // In a map of names a feature may well be called `description`.
    .filter(([name]) => verbatim || named || !WORDS.has(name))
    .map(([name, item]) => [name, normal(item, named ? null : name, verbatim, depth + 1)] as const);
  if (named) return entries;
  return { map: entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)) };
}

function sqlText(text: string): string {
  return normalSql(sqlTokens(text));
}

/** 106 bits of a text as hexadecimal: enough to tell definitions apart, not to seal them. */
export function hash(text: string): string {
  return mix(text, 0x9e3779b9) + mix(text, 0x85ebca6b);
}

/** cyrb53: two multiply-and-xor lanes of 32 bits, cut to 53. */
function mix(text: string, seed: number): string {
  let high = 0xdeadbeef ^ seed;
  let low = 0x41c6ce57 ^ seed;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    high = Math.imul(high ^ unit, 2654435761);
    low = Math.imul(low ^ unit, 1597334677);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return (4294967296 * (2097151 & low) + (high >>> 0)).toString(16).padStart(14, '0');
}
