import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isoMicroseconds } from '../../catalog/instant';
import type { Catalog, DefaultPolicy, DriftCheck } from '../../catalog/model';
import type { Database } from '../../database/database';
import { storeSkewCase, type SkewCase } from '../../testing/skew-case';
import * as oracle from '../../testing/skew-oracle';
import { openTestDatabase } from '../../testing/test-database';
import { sourceSide, trainingSide } from '../side';
import { measureDrift } from './drift';
import type { DriftNumbers, DriftResult } from './drift-result';
import { ageText } from './drift-alarms';

let db: Database;
beforeAll(async () => {
  db = await openTestDatabase();
});
afterAll(() => db.close());

const HOUR = 3_600_000_000;
type Row = { ts: number | null; real: number | null; whole: number | null; word: string | null };
type Name = 'real' | 'whole' | 'word';
interface SourceRow {
  ts: number;
  known: number | null;
}

const DEFAULTS: Record<Name, DefaultPolicy> = {
  real: { kind: 'none' },
  whole: { kind: 'zero' },
  word: { kind: 'constant', value: 'a' },
};
const STAND_INS: Record<Name, number | string | null> = { real: null, whole: 0, word: 'a' };

function checkOf(catalog: Catalog, more: Partial<DriftCheck> = {}): DriftCheck {
  return {
    name: 'lately',
    trainingSet: 'train',
    source: null,
    every: BigInt(HOUR),
    reference: null,
    features: catalog.trainingSets.get('train')!.features,
    lines: { psi: 0.25, ks: 0.3, nullRate: 0.4, defaultRate: 0.4 },
    fail: false,
    ...more,
  };
}

/** The rows as `_plumb.training_train` and, what the view is computed from, `_plumb.source_s`. */
async function store(rows: Row[], source: SourceRow[], sla = '2h'): Promise<Catalog> {
  const features: SkewCase['features'] = [
    { name: 'real', type: 'float64', left: 'DOUBLE', right: 'DOUBLE' },
    { name: 'whole', type: 'int64', left: 'BIGINT', right: 'BIGINT' },
    { name: 'word', type: 'string', left: 'VARCHAR', right: 'VARCHAR' },
  ];
  const catalog = await storeSkewCase(db, { features, left: rows, right: rows });
  const values = source.map(
    ({ ts, known }) => `(make_timestamp(${ts}), ${known === null ? 'NULL' : `make_timestamp(${known})`})`,
  );
  await db.query('CREATE OR REPLACE TABLE _plumb.source_s (ts TIMESTAMP, known TIMESTAMP)');
  if (values.length > 0) await db.query(`INSERT INTO _plumb.source_s VALUES ${values.join(', ')}`);
  const view = catalog.views.get('v')!;
  const tagged = {
    ...view,
    tags: { freshness_sla: sla },
    features: view.features.map((one) => ({ ...one, default: DEFAULTS[one.name as Name] })),
  };
  const sources = new Map([
    ...catalog.sources,
    ['s', { name: 's', files: [], timestamp: 'ts', availableAt: 'known', description: '' }],
  ]);
  return { ...catalog, sources, views: new Map([['v', tagged]]) };
}

async function measure(catalog: Catalog, check = checkOf(catalog)): Promise<DriftResult> {
  const set = catalog.trainingSets.get('train')!;
  const columns = set.features.map(({ column }) => column);
  const side = await trainingSide(db, 'train', { catalog, set, means: new Map(), columns });
  return measureDrift(db, { catalog, check, side });
}

const iso = (at: number): string => isoMicroseconds(BigInt(at)).replace('.000000Z', 'Z');

function numbers(rows: Row[], name: Name): DriftNumbers {
  const values = rows.map((row) => row[name]);
  const share = (count: number): number | null => (rows.length === 0 ? null : count / rows.length);
  const finite = values.filter((value): value is number => Number.isFinite(value));
  return {
    rows: rows.length,
    null_rate: share(values.filter((value) => value === null).length),
    default_rate: name === 'real' ? null : share(values.filter((value) => value === STAND_INS[name]).length),
    mean: finite.length === 0 ? null : finite.reduce((sum, value) => sum + value, 0) / finite.length,
  };
}

function distances(reference: Row[], rows: Row[], name: Name) {
  if (rows.length === 0) return { psi: null, js: null, ks: null };
  if (name === 'word') {
    const labels = (some: Row[]): string[] => some.map(({ word }) => `${typeof word} ${word}`);
    const [l, r] = [labels(reference), labels(rows)];
    return { psi: oracle.stability(l, r), js: oracle.jensenShannon(l, r), ks: null };
  }
  const [l, r] = [reference.map((row) => row[name]), rows.map((row) => row[name])];
  return { psi: oracle.populationStability(l, r), js: null, ks: oracle.kolmogorovSmirnov(l, r) };
}

const row: fc.Arbitrary<Row> = fc.record({
  ts: fc
    .oneof(
      { weight: 9, arbitrary: fc.tuple(fc.nat(9), fc.constantFrom(0, 1, 7_000_000, HOUR - 1)) },
      { weight: 1, arbitrary: fc.constant(null) },
    )
    .map((at) => (at === null ? null : at[0] * HOUR + at[1])),
  real: fc.oneof(
    { weight: 5, arbitrary: fc.double({ min: -5, max: 5, noNaN: true }) },
    { weight: 3, arbitrary: fc.constantFrom(null, 0, -0, 1, NaN, Infinity, 1.5) },
  ),
  whole: fc.oneof(fc.integer({ min: -3, max: 3 }), fc.constantFrom(null, 0, 2 ** 40)),
  word: fc.constantFrom(null, '', 'a', 'a', 'b', 'Ä'),
});
const sourceRow = fc.record({
  ts: fc.integer({ min: -20, max: 120 }).map((tenths) => (tenths * HOUR) / 10),
  known: fc.oneof(
    { weight: 9, arbitrary: fc.integer({ min: -20, max: 150 }).map((tenths) => (tenths * HOUR) / 10) },
    { weight: 1, arbitrary: fc.constant(null) },
  ),
});

describe('measureDrift', () => {
  it('agrees with plain loops on seeded random rows', async () => {
    const given = fc.record({
      rows: fc.array(row, { maxLength: 120, size: 'max' }),
      source: fc.array(sourceRow, { maxLength: 20 }),
      // Windows before 1970 too.
      base: fc.constantFrom(0, -5 * HOUR, 482_000 * HOUR),
      reference: fc.option(fc.tuple(fc.nat(6), fc.integer({ min: 1, max: 5 }))),
    });
    let gaps = 0;
    await fc.assert(
      fc.asyncProperty(given, async ({ rows: some, source, base, reference }) => {
        const from = reference === null ? 0 : reference[0] * HOUR + HOUR / 2;
        const common = { ts: from, real: 1, whole: 1, word: 'a' };
        const rows = [common, ...some].map((one) => ({ ...one, ts: one.ts === null ? null : one.ts + base }));
        const moved = source.map(({ ts, known }) => ({
          ts: ts + base,
          known: known === null ? null : known + base,
        }));
        const catalog = await store(rows, moved);
        const written =
          reference === null ? null : { start: from + base, end: from + base + reference[1] * HOUR };
        const result = await measure(
          catalog,
          checkOf(catalog, {
            reference: written && { start: BigInt(written.start), end: BigInt(written.end) },
          }),
        );

        const timed = rows.filter((one) => one.ts !== null);
        const times = timed.map((one) => one.ts!);
        const floor = (at: number): number => Math.floor(at / HOUR) * HOUR;
        const low = floor(Math.min(...times));
        const count = (floor(Math.max(...times)) - low) / HOUR + 1;
        const starts = Array.from({ length: count }, (_, index) => low + index * HOUR);
        const span = written ?? { start: low, end: low + Math.max(1, Math.floor(count / 4)) * HOUR };
        const isIn = (at: number, start: number, end: number): boolean => at >= start && at < end;
        const known = timed.filter((one) => isIn(one.ts!, span.start, span.end));
        expect(result).toMatchObject({
          of: 'train',
          every: '1h',
          rows: timed.length,
          reference: { start: iso(span.start), end: iso(span.end), rows: known.length },
        });
        for (const [at, name] of (['real', 'whole', 'word'] as const).entries()) {
          const found = result.features[at]!;
          expectNear(found.reference, numbers(known, name));
          expect(found.windows.map(({ start }) => start)).toEqual(starts.map(iso));
          for (const [index, start] of starts.entries()) {
            const window = found.windows[index]!;
            const inside = timed.filter((one) => isIn(one.ts!, start, start + HOUR));
            if (inside.length === 0) gaps++;
            const expected = { ...numbers(inside, name), ...distances(known, inside, name) };
            expectNear(window, expected);
            const isKnown = start < span.end && start + HOUR > span.start;
            const lines = { psi: 0.25, ks: 0.3, null_rate: 0.4, default_rate: 0.4 };
            const above = (Object.keys(lines) as (keyof typeof lines)[]).filter(
              (measure) => !isKnown && window[measure] !== null && window[measure] > lines[measure] + 1e-12,
            );
            expect(window.alarms).toEqual(above);
            const psi = window.psi ?? 0;
            expect(window.notice).toBe(!isKnown && psi > 0.1 && psi <= 0.25);
          }
          const outside = found.windows.filter(
            (_, index) => starts[index]! >= span.end || starts[index]! + HOUR <= span.start,
          );
          const most = Math.max(...outside.map(({ psi }) => psi ?? -1));
          expect(found.worst?.psi ?? -1).toBe(outside.length === 0 ? -1 : most);
        }
        const last = Math.max(...times);
        const ages = starts.map((start, index) => {
          const end = index === count - 1 ? last : start + HOUR;
          const seen = moved.filter((one) => one.ts <= end && one.known !== null && one.known <= end);
          const age = seen.length === 0 ? null : (end - Math.max(...seen.map(({ ts }) => ts))) / 1000;
          return { at: iso(end), age_ms: age, late: age !== null && age > 7_200_000 };
        });
        expect(result.freshness).toMatchObject([{ view: 'v', sla_ms: 7_200_000, windows: ages }]);
        expect(result.freshness[0]!.alarms).toHaveLength(ages.some(({ late }) => late) ? 1 : 0);
      }),
      { seed: 20261201, numRuns: 60 },
    );
    expect(gaps).toBeGreaterThan(50);
  }, 300_000);

  const at = (hour: number, real: number | null): Row => ({ ts: hour * HOUR, real, whole: 1, word: 'b' });

  it('says in words what is above a line, and where most', async () => {
    const values = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
    const rows = [0, 1, 2, 4].flatMap((hour) =>
      values.map((value) =>
        at(hour, hour === 4 ? (value > 4 ? null : value) : hour === 2 ? value + 3 : value),
      ),
    );
    const catalog = await store(rows, [{ ts: 0, known: 0 }]);
    const features = catalog.trainingSets.get('train')!.features.slice(0, 1);
    const result = await measure(catalog, checkOf(catalog, { features }));
    const [real] = result.features;
    expect(real!.windows.map(({ rows }) => rows)).toEqual([10, 10, 10, 0, 10]);
    expect(real!.windows.map(({ alarms }) => alarms)).toEqual([
      [],
      [],
      ['psi'],
      [],
      ['psi', 'ks', 'null_rate'],
    ]);
    expect(result.alarms).toEqual([
      expect.stringMatching(
        /^real: PSI is above 0\.250 in 2 windows, most in that of 1970-01-01T04:00:00Z: \d/,
      ),
      'real: KS is 0.600 in the window of 1970-01-01T04:00:00Z; the line is 0.300.',
      'real: the share of NULL is 60.00 % in the window of 1970-01-01T04:00:00Z; the line is 40.00 %.',
      'v: the newest row was 4h old at 3 window ends, most at 1970-01-01T04:00:00Z; the SLA is 2h.',
    ]);
    expect(result.features).toHaveLength(1);
  });

  it('says ages in two units, never as old as the line that they are above', () => {
    expect([45_000, 5_400_000, 7_200_000, 75_540_000, 86_700_000].map(ageText)).toEqual([
      '45s',
      '90m',
      '2h',
      '20h 59m',
      '1d 5m',
    ]);
  });

  it('watches a source in place of the set, by the columns that it has', async () => {
    const catalog = await store([at(0, 1), at(1, 2), { ...at(2, 2), ts: null }], []);
    await db.query('ALTER TABLE _plumb.source_log DROP COLUMN word');
    const log = catalog.sources.get('log')!;
    const side = await sourceSide(db, 'log', log, null);
    const result = await measureDrift(db, { catalog, check: checkOf(catalog), side });
    expect(result.features.map(({ column }) => column)).toEqual(['real', 'whole']);
    expect(result.warnings).toEqual([
      'log has no column word: nothing to watch.',
      '1 row of log without a time in no window.',
    ]);
    expect(result.freshness[0]!.windows.every(({ age_ms: age, late }) => age === null && !late)).toBe(true);
  });

  it('refuses a reference without rows, rows without a time, and too many windows', async () => {
    const catalog = await store([at(5, 1), at(7, 2)], []);
    const early = { start: 0n, end: BigInt(HOUR) };
    await expect(measure(catalog, checkOf(catalog, { reference: early }))).rejects.toMatchObject({
      code: 'drift.no_reference',
      hint: 'Its rows lie between 1970-01-01T05:00:00Z and 1970-01-01T07:00:00Z.',
    });
    await expect(measure(catalog, checkOf(catalog, { every: 1_000_000n }))).rejects.toMatchObject({
      code: 'notebook.schema',
    });
    const timeless = await store([{ ...at(0, 1), ts: null }], []);
    await expect(measure(timeless)).rejects.toMatchObject({ code: 'drift.no_reference' });
  });

  it('says that a tag is no duration', async () => {
    const catalog = await store([at(0, 1)], [], 'daily');
    const result = await measure(catalog);
    expect(result.warnings).toEqual(['The tag freshness_sla of v is no duration such as 24h: daily.']);
    expect(result.freshness[0]!.sla_ms).toBeNull();
  });
});

function expectNear(found: object, expected: object): void {
  for (const [key, value] of Object.entries(expected) as [keyof typeof found, unknown][]) {
    const own: unknown = found[key];
    if (typeof value !== 'number' || typeof own !== 'number') expect([key, own]).toEqual([key, value]);
    else expect(Math.abs(own - value), key).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(value)));
  }
}
