import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDuration, printDuration } from './duration';
import { constantProblem, elementType, FEATURE_TYPES, isFeatureType, isListType } from './feature-type';
import { parseInstant } from './instant';
import { jsonSchemaOf } from './json-schema';
import { isName, nameHint, nameSuggestion, nearest } from './names';
import { isDefinitionKind, SCHEMAS, type DefinitionKind } from './schemas';
import { validateDefinition } from './validate';

const SECOND = 1_000_000n;

describe('durations', () => {
  it('are whole microseconds', () => {
    expect(['90s', '15m', '1h', '7d', '4w'].map(parseDuration)).toEqual([
      90n * SECOND,
      900n * SECOND,
      3600n * SECOND,
      604_800n * SECOND,
      2_419_200n * SECOND,
    ]);
    for (const text of ['', '7', 'd', '-1d', '1.5h', '1 d', '1y', '7D', '1d2h', '9999999999d'])
      expect(parseDuration(text)).toBeNull();
  });

  it('print what reads back', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 10n ** 8n), (seconds) => {
        expect(parseDuration(printDuration(seconds * SECOND))).toBe(seconds * SECOND);
      }),
      { seed: 1 },
    );
    expect([7n * 86_400n, 5400n, 90n, 0n].map((s) => printDuration(s * SECOND))).toEqual([
      '7d',
      '90m',
      '90s',
      '0s',
    ]);
  });
});

describe('instants', () => {
  it('are microseconds of UTC', () => {
    const base = BigInt(Date.UTC(2025, 2, 16)) * 1000n;
    const cases: [string, bigint][] = [
      ['2025-03-16', base],
      ['2025-03-16T00:00:00Z', base],
      ['2025-03-16 00:00', base],
      ['2025-03-16T02:00:00+02:00', base],
      ['2025-03-15T19:00:00-0500', base],
      ['2025-03-16T00:00:00.000001Z', base + 1n],
      ['2025-03-16T00:00:00.5', base + 500_000n],
      ['1969-12-31T23:59:59.999999Z', -1n],
    ];
    for (const [text, expected] of cases) expect([text, parseInstant(text)]).toEqual([text, expected]);
    for (const text of [
      '',
      'max',
      '2025-02-30',
      '2025-13-01',
      '2025-03-16T24:00:00Z',
      '2025-03-16T00:00:00.1234567Z',
      '2025-03-16T00:00:00+15:00',
    ])
      expect([text, parseInstant(text)]).toEqual([text, null]);
  });
});

describe('names', () => {
  it('follow one rule', () => {
    expect(['a', '_a', 'a1_b'].map(isName)).toEqual([true, true, true]);
    expect(['', 'A', '1a', 'a-b', '__a', 'ä', 'a b', 'x'.repeat(129)].map(isName)).toEqual(
      Array(8).fill(false),
    );
    expect(nameHint('User Events')).toContain('`user_events`');
    expect(nameHint('7d')).toContain('`_7d`');
  });

  it('suggest what was meant', () => {
    expect(nearest('interactoins', ['user', 'interactions'])).toBe('interactions');
    expect(nearest('usr', ['user', 'item'])).toBe('user');
    expect(nearest('zebra', ['user', 'item'])).toBeNull();
    expect(nameSuggestion('zebra', ['user', 'item'], 'none')).toBe('There is `user`, `item`.');
    expect(nameSuggestion('zebra', [], 'Add one.')).toBe('Add one.');
  });
});

describe('types', () => {
  it('are scalars and lists of them', () => {
    expect(FEATURE_TYPES).toHaveLength(16);
    expect(isFeatureType('string[]') && isListType('string[]')).toBe(true);
    expect(elementType('string[]')).toBe('string');
    expect(isFeatureType('string[][]')).toBe(false);
  });

  it('say which constants they hold', () => {
    expect(constantProblem(2147483647, 'int32')).toBeNull();
    expect(constantProblem(2147483648, 'int32')).not.toBeNull();
    expect(constantProblem(2n ** 63n - 1n, 'int64')).toBeNull();
    expect(constantProblem(2n ** 63n, 'int64')).not.toBeNull();
    expect(constantProblem('x', 'bytes')).not.toBeNull();
  });
});

describe('schemas', () => {
  const kinds = Object.keys(SCHEMAS) as DefinitionKind[];

  it.each(kinds)('%s has a JSON Schema of draft 7 with a description on every key', (kind) => {
    const schema = jsonSchemaOf(kind);
    expect(schema.$schema).toBe('http://json-schema.org/draft-07/schema#');
    expect(schema.defaultSnippets).toBeDefined();
    const missing: string[] = [];
    const walk = (node: unknown, path: string) => {
      if (typeof node !== 'object' || node === null) return;
      const { properties, additionalProperties, items, anyOf } = node as Record<string, unknown>;
      expect(additionalProperties).not.toBe(false);
      for (const [key, inner] of Object.entries(
        (properties ?? {}) as Record<string, { description?: string }>,
      )) {
        if (inner.description === undefined) missing.push(`${path}.${key}`);
        walk(inner, `${path}.${key}`);
      }
      walk(additionalProperties, `${path}.*`);
      walk(items, `${path}[]`);
      for (const one of (anyOf as unknown[] | undefined) ?? []) walk(one, path);
    };
    walk(schema, kind);
    expect(missing).toEqual([]);
    expect(JSON.parse(JSON.stringify(schema))).toEqual(schema);
  });

  it('keep unknown keys as warnings and read the rest', () => {
    const { value, issues } = validateDefinition('entity', {
      join_keys: { id: 'int64' },
      join_key: 1,
      extra: 2,
    });
    expect(value).toEqual({ join_keys: { id: 'int64' } });
    expect(issues.map((issue) => [issue.severity, issue.path, issue.hint])).toEqual([
      ['warning', ['join_key'], 'Did you mean `join_keys`?'],
      ['warning', ['extra'], undefined],
    ]);
  });

  it('know their kinds', () => {
    expect(isDefinitionKind('view')).toBe(true);
    expect(['query', 'toString', '__proto__', ''].map(isDefinitionKind)).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });

  it('never throw', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...kinds),
        fc.anything({ withBigInt: true, withNullPrototype: true }),
        (kind, data) => {
          const { value, issues } = validateDefinition(kind, data);
          if (value === null) expect(issues.length).toBeGreaterThan(0);
        },
      ),
      { seed: 5, numRuns: 1000 },
    );
  });
});

describe('expressions', () => {
  it('may be a bare number, true or false', () => {
    const feature = { type: 'int64', window: '7d', sum: 1, where: true };
    const { value } = validateDefinition('view', { entity: 'e', source: 's', features: { f: feature } });
    expect(value?.features.f).toMatchObject({ sum: '1', where: 'true' });
  });
});
