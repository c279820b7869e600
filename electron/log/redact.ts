const RULES: [RegExp, string][] = [
  // scheme://user:password@host
  [/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@]*@/gi, '$1***@'],
  // password=..., "password": "...", PASSWORD ...
  [/((?:password|passwd|secret|token|requirepass)["']?\s*[:=]\s*)("[^"]*"|'[^']*'|[^\s,;}]+)/gi, '$1***'],
  [/(\bAUTH\s+)(?:\S+\s+)?\S+/g, '$1***'],
];

/** A text for the log with credentials of connection strings and named secrets replaced by `***`. */
export function redact(text: string): string {
  return RULES.reduce((result, [pattern, replacement]) => result.replace(pattern, replacement), text);
}

/** The same through any log value; what is no plain data becomes its redacted text. */
export function redactValue(value: unknown): unknown {
  if (typeof value === 'string') return redact(value);
  if (value instanceof Error) return redact(value.stack ?? `${value.name}: ${value.message}`);
  if (typeof value !== 'object' || value === null) return value;
  try {
    return JSON.parse(redact(JSON.stringify(value))) as unknown;
  } catch {
    return '[unprintable]';
  }
}
