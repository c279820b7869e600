import type { z } from 'zod';
import { nearest } from './names';
import { hints } from './schemas/hints';
import { SCHEMAS, type DefinitionKind, type DefinitionOf } from './schemas';

/** Where data differs from its schema. `at` says whether the key or its value is meant. */
export interface SchemaIssue {
  severity: 'error' | 'warning';
  path: (string | number)[];
  at: 'key' | 'value';
  message: string;
  hint?: string;
}

export interface Validated<K extends DefinitionKind> {
  /** null when there is an error among the issues. */
  value: DefinitionOf<K> | null;
  issues: SchemaIssue[];
}

/** Checks a definition's data against its schema. A key that the schema does not know is a warning, not an error. */
export function validateDefinition<K extends DefinitionKind>(kind: K, data: unknown): Validated<K> {
  const schema: z.ZodType = SCHEMAS[kind];
  const reserved = reservedKeys(data, []);
  if (reserved.length > 0) return { value: null, issues: reserved };
  const first = schema.safeParse(data);
  if (first.success) return { value: first.data as DefinitionOf<K>, issues: [] };
  const unknown = first.error.issues.filter((issue) => issue.code === 'unrecognized_keys');
  const issues = [
    ...first.error.issues
      .filter((issue) => issue.code !== 'unrecognized_keys')
      .map((issue) => describe(issue, data, schema)),
    ...unknown.flatMap((issue) => issue.keys.map((key) => unknownKey(issue.path, key, schema))),
  ];
  if (issues.some((issue) => issue.severity === 'error')) return { value: null, issues };
  const known = unknown.reduce((rest, issue) => without(rest, issue.path, issue.keys), data);
  const second = schema.safeParse(known);
  return { value: second.success ? (second.data as DefinitionOf<K>) : null, issues };
}

function describe(issue: z.core.$ZodIssue, data: unknown, schema: z.ZodType): SchemaIssue {
  const path = plainPath(issue.path);
  const key = path.at(-1);
  const subject = key === undefined ? 'The cell' : typeof key === 'number' ? `Item ${key + 1}` : `\`${key}\``;
  if (key !== undefined && valueAt(data, path) === undefined) {
    const parent = path.slice(0, -1);
    return {
      severity: 'error',
      path: parent,
      at: 'key',
      message: `${subject} is missing.`,
      hint: `It ${issue.message}.`,
    };
  }
  const message = key === undefined ? 'The cell must be `key: value` lines.' : `${subject} ${issue.message}.`;
  const field = schemaAt(schema, path);
  return { severity: 'error', path, at: 'value', message, hint: field && hints.get(field)?.hint };
}

function unknownKey(path: readonly PropertyKey[], key: string, schema: z.ZodType): SchemaIssue {
  if (/[^\w-]/.test(key))
    return {
      severity: 'error',
      path: [...plainPath(path), key],
      at: 'key',
      message: `\`${key}\` is no key.`,
      hint: 'Inside `{ }` a comma ends a text: quote the text that it belongs to.',
    };
  const meant = nearest(key, keysAt(schema, plainPath(path)));
  return {
    severity: 'warning',
    path: [...plainPath(path), key],
    at: 'key',
    message: `Unknown key \`${key}\`, kept but without effect.`,
    hint: meant === null ? undefined : `Did you mean \`${meant}\`?`,
  };
}

/** The key `__proto__` means something to JavaScript, and schemas pass over it in silence. */
function reservedKeys(data: unknown, path: (string | number)[]): SchemaIssue[] {
  if (typeof data !== 'object' || data === null) return [];
  return Object.entries(data).flatMap(([key, value]) => {
    const inner = [...path, Array.isArray(data) ? Number(key) : key];
    if (key !== '__proto__') return reservedKeys(value, inner);
    const message = '`__proto__` cannot be a name.';
    return [{ severity: 'error', path: inner, at: 'key', message, hint: 'Take another name.' } as const];
  });
}

function plainPath(path: readonly PropertyKey[]): (string | number)[] {
  return path.map((step) => (typeof step === 'number' ? step : String(step)));
}

function valueAt(data: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (value, step) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, step)
        ? (value as Record<string | number, unknown>)[step]
        : undefined,
    data,
  );
}

/** The keys that the schema knows at a path. */
export function keysAt(schema: z.ZodType, path: readonly (string | number)[]): string[] {
  const def = schemaAt(schema, path)?._zod.def;
  return def?.type === 'object' ? Object.keys(def.shape) : [];
}

/** The schema of what stands at a path, without its being optional. */
function schemaAt(schema: z.ZodType, path: readonly (string | number)[]): z.core.$ZodTypes | undefined {
  let current = required(schema);
  for (const step of path) {
    const def: z.core.$ZodTypes['_zod']['def'] | undefined = current?._zod.def;
    if (def?.type === 'object') current = required(def.shape[step]);
    else if (def?.type === 'record') current = required(def.valueType);
    else if (def?.type === 'array') current = required(def.element);
    else return undefined;
  }
  return current;
}

function required(schema: z.core.$ZodType | undefined): z.core.$ZodTypes | undefined {
  let current = schema as z.core.$ZodTypes | undefined;
  while (current?._zod.def.type === 'optional') current = current._zod.def.innerType as z.core.$ZodTypes;
  return current;
}

function without(data: unknown, path: readonly PropertyKey[], keys: readonly string[]): unknown {
  if (Array.isArray(data)) {
    const [step, ...rest] = path;
    return data.map((item: unknown, index) => (index === step ? without(item, rest, keys) : item));
  }
  if (typeof data !== 'object' || data === null) return data;
  const [step, ...rest] = path;
  const entries = Object.entries(data);
  return Object.fromEntries(
    step === undefined
      ? entries.filter(([key]) => !keys.includes(key))
      : entries.map(([key, value]) => [key, key === step ? without(value, rest, keys) : value]),
  );
}
