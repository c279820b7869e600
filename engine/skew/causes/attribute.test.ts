import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../database/database';
import { queryRows } from '../../database/rows';
import { soakCauses, rateOf } from '../../testing/deep/causes';
import { answers, ask } from '../../testing/serving/attribution-case';
import { servedCatalog, servedFeatures, type ServedFeature } from '../../testing/serving/features';
import { loadWorld } from '../../testing/serving/load';
import { mistakesOf, type Served, Service } from '../../testing/serving/service';
import { outsideAnswers } from '../../testing/serving/outside';
import { HOUR, makeWorld } from '../../testing/serving/world';
import { openTestDatabase } from '../../testing/test-database';
import { PlumblineError } from '../../errors';
import { attribute } from './attribute';

const WORLD = makeWorld(3, { users: 40, requests: 600 });
const SERVICE = new Service(WORLD);

let db: Database;
beforeAll(async () => {
  db = await openTestDatabase();
  await loadWorld(db, WORLD);
});
afterAll(() => db.close());

const LEFT_BEHIND = "SELECT table_name FROM duckdb_tables() WHERE table_name LIKE 'causes_%'";

function featureOf(ref: string): ServedFeature {
  return servedFeatures().find(({ view, name }) => `${view}:${name}` === ref)!;
}

const served = (ref: string, ...causes: string[]): Served[] =>
  answers(SERVICE, WORLD, featureOf(ref), mistakesOf(causes));

it('names the causes of a seeded service, and none outside the list', async () => {
  const cases = { single: 6, 'single, 1 % noise': 3, pair: 2, 'pair, 1 % noise': 1, outside: 3 };
  const tally = await soakCauses({ seed: 42, worlds: 1, cases, print: () => {} });
  for (const [group, of] of Object.entries(cases) as [keyof typeof cases, number][])
    expect({ group, ...rateOf(tally, group), misses: tally.misses }).toMatchObject({ group, right: of, of });
});

describe('a report', () => {
  it('says what serving does, shows rows, and what else was looked at', async () => {
    const right = served('acts:count_7d', 'boundary:closed');
    const left = served('acts:count_7d');
    const { causes, verdict, remaining, examined } = await ask(
      db,
      WORLD,
      featureOf('acts:count_7d'),
      left,
      right,
    );
    const differing = left.filter((value, row) => value !== right[row]).length;
    expect(verdict).toBe('boundary:closed');
    expect(remaining).toBe(0);
    expect(examined).toMatchObject({ mismatches: differing, total: left.length, counted: differing });
    expect(causes[0]).toMatchObject({
      parts: [{ kind: 'boundary', to: 'closed' }],
      explains: 1,
      rows: differing,
      keeps: 1,
      sentence: 'serving counts the event at t: its window is closed on the right',
    });
    expect(causes.length).toBeGreaterThan(1);
    expect(causes.length).toBeLessThanOrEqual(8);
    const { examples } = causes[0]!;
    expect(examples).toHaveLength(5);
    for (const { row, left: mine, right: theirs, recomputed } of examples) {
      expect([mine, theirs]).toEqual([String(left[Number(row)]), String(right[Number(row)])]);
      expect(recomputed).toBe(theirs);
    }
  });

  it('is empty where both sides agree, and leaves no table behind', async () => {
    const left = served('facts:word');
    expect(await ask(db, WORLD, featureOf('facts:word'), left, left)).toMatchObject({
      examined: { mismatches: 0, total: left.length },
      causes: [],
      verdict: null,
      remaining: 0,
    });
    expect(await queryRows(db, LEFT_BEHIND)).toEqual([]);
  });

  it('counts every mismatching row, also of more than it tries', async () => {
    const world = makeWorld(11, { users: 60, requests: 4_000 });
    const own = await openTestDatabase();
    try {
      await loadWorld(own, world);
      const service = new Service(world);
      const feature = featureOf('late_acts:sum_7d');
      const left = answers(service, world, feature, {});
      // Every third row is served from a copy a day old.
      const stale = answers(service, world, feature, mistakesOf(['stale:1d']));
      const right = left.map((value, row) => (row % 3 === 0 ? stale[row]! : value));
      const differing = left.filter((value, row) => value !== right[row]).length;
      const { causes, verdict, examined } = await ask(own, world, feature, left, right);
      expect(examined.counted).toBe(differing);
      expect(verdict).toBe('stale:1d');
      expect(causes[0]).toMatchObject({ rows: differing, explains: 1 });
      expect(causes[0]!.keeps).toBeLessThan(0.6);
    } finally {
      await own.close();
    }
  });

  const job = {
    view: 'acts',
    feature: 'count_7d',
    kind: 'integer' as const,
    tolerance: { absolute: 0, relative: 0 },
    means: new Map(),
    rows: '_plumb.source_log',
  };

  it('copies only the rows of the entities that it looks at, where there are many', async () => {
    const own = await openTestDatabase();
    try {
      await own.query(`CREATE SCHEMA IF NOT EXISTS _plumb;
        CREATE TABLE _plumb.source_acts AS
        SELECT i % 9000 AS user_id, make_timestamp(i // 9000 * 7200000000 + i * 61) AS ts, (i % 11)::INTEGER AS n,
          i / 7 AS x, 'w' || i % 5 AS word, i % 2 = 0 AS good, i AS "__order" FROM range(90000) AS r(i)`);
      const count = (closed: string): string =>
        `(SELECT count(*) FROM _plumb.source_acts AS e WHERE e.user_id = p.user_id AND e.ts ${closed} make_timestamp(p."__t"))`;
      await own.query(`CREATE TABLE _plumb.source_log AS
        SELECT *, "left" IS DISTINCT FROM "right" AS differs FROM (
          SELECT "__order" AS "__row", "__t", user_id, ${count('<')} AS "left", ${count('<=')} AS "right"
          FROM (SELECT *, epoch_us(ts) AS "__t" FROM _plumb.source_acts WHERE "__order" % 4 = 0) AS p)`);
      const sizes: number[] = [];
      const watched: Database = {
        ...own,
        query: async (sql, options) => {
          const result = await own.query(sql, options);
          if (sql.includes('TABLE "_plumb"."causes_near'))
            for (const { n } of await queryRows(
              own,
              'SELECT count(*) AS n FROM "_plumb"."causes_near_of_acts_count_7d"',
            ))
              sizes.push(Number(n));
          return result;
        },
      };
      const { verdict, examined, remaining } = await attribute(watched, servedCatalog(), job);
      expect([verdict, remaining]).toEqual(['boundary:closed', 0]);
      expect(examined).toMatchObject({ mismatches: 22_500, counted: 22_500 });
      // Some 1,200 of 9,000 users, with 10 events each.
      expect(sizes).toHaveLength(1);
      expect(sizes[0]).toBeLessThan(15_000);
    } finally {
      await own.close();
    }
  });

  it('says so where memory runs out, and leaves no table behind', async () => {
    const left = served('acts:count_7d');
    await ask(db, WORLD, featureOf('acts:count_7d'), left, served('acts:count_7d', 'length:x2'));
    for (const what of ['causes_sample', 'INSERT INTO', 'causes_dropped']) {
      const small: Database = {
        ...db,
        query: (sql, options) =>
          sql.includes(what) && !sql.startsWith('DROP')
            ? Promise.reject(new PlumblineError('engine.out_of_memory', 'No room.'))
            : db.query(sql, options),
      };
      const found = await attribute(small, servedCatalog(), job);
      expect(found).toMatchObject({ causes: [], verdict: null, remaining: 1 });
      expect(found.examined.total).toBe(left.length);
      expect(found.note).toContain('out of memory');
      expect(await queryRows(db, LEFT_BEHIND)).toEqual([]);
    }
  });

  it('can be cancelled', async () => {
    const left = served('acts:count_7d');
    await ask(db, WORLD, featureOf('acts:count_7d'), left, served('acts:count_7d', 'length:x2'));
    const controller = new AbortController();
    const started = attribute(db, servedCatalog(), job, {
      signal: controller.signal,
      onProgress: ({ phase }) => phase.includes('trying') && controller.abort(),
    });
    await expect(started).rejects.toMatchObject({ code: 'engine.cancelled' });
    expect(await queryRows(db, LEFT_BEHIND)).toEqual([]);
  });
});

describe('what cannot be computed again', () => {
  const catalog = {
    ...servedCatalog(),
    onDemandViews: new Map([
      [
        'made',
        {
          name: 'made',
          features: [
            {
              name: 'twice',
              type: 'float64' as const,
              default: { kind: 'zero' as const },
              missingIndicator: false,
              description: '',
              expression: 'sum_7d * 2',
              inputs: [],
              parameters: [],
            },
          ],
          description: '',
          tags: {},
        },
      ],
    ]),
  };
  const attributed = (right: string) =>
    attribute(db, catalog, {
      view: 'made',
      feature: 'twice',
      kind: 'real',
      tolerance: { absolute: 0, relative: 1e-9 },
      means: new Map(),
      rows: `SELECT i AS "__row", i AS "__t", "left", "right", "left" IS DISTINCT FROM "right" AS differs
        FROM (SELECT i, "left", ${right} AS "right" FROM (
          SELECT i, CASE WHEN i % 4 = 0 THEN 0.0 ELSE sqrt(i) END::DOUBLE AS "left" FROM range(400) AS r(i)))`,
    });

  it.each([
    ['CAST("left" AS FLOAT)::DOUBLE', 'cast:float32'],
    ['trunc("left")', 'cast:truncated'],
    ['nullif("left", 0)', 'default:null'],
    ['trunc(nullif("left", 0))', 'default:null + cast:truncated'],
    ['"left" * 1.1', null],
  ])('%s is %s', async (right, cause) => {
    const { verdict, note } = await attributed(right);
    expect(verdict).toBe(cause);
    expect(note).toContain('computed from other features');
  });
});

describe('counterexamples that were found', () => {
  it('values at random where the definition has none anywhere have no known cause', async () => {
    for (const ref of ['acts:avg_1d', 'facts:n', 'facts:flag', 'acts:latest_7d']) {
      const feature = featureOf(ref);
      const left = served(ref).map(() => null);
      const values = served(ref).filter((value) => value !== null);
      const right = left.map((_, row) => (row % 3 === 0 ? null : values[(row * 7) % values.length]!));
      expect([ref, (await ask(db, WORLD, feature, left, right)).verdict]).toEqual([ref, null]);
    }
  });

  it.each([
    ['acts:buckets_1d', 'plus one'],
    ['facts:x', 'plus one'],
    ['acts:sum_7d', 'plus one'],
    ['acts:count_7d', 'zone +5.25h'],
    ['acts:sum_7d', 'zone +5.25h'],
  ] as const)('%s: %s has no known cause, though one in the list comes near', async (ref, cause) => {
    const feature = featureOf(ref);
    const right = outsideAnswers(SERVICE, WORLD, feature, cause, 3)!;
    const { verdict } = await ask(db, WORLD, feature, served(ref), right);
    expect(verdict).toBeNull();
  });

  it('two zones an hour apart are a summer and a winter, not two sides of a zone between them', async () => {
    const ref = 'acts:sum_7d';
    const [left, winter, summer] = [served(ref), served(ref, 'zone:+3h'), served(ref, 'zone:+4h')];
    const times = WORLD.requests.map(({ t }) => t).sort((a, b) => a - b);
    const change = times[times.length >> 1]!;
    const right = WORLD.requests.map(({ t }, row) => (t < change ? winter : summer)[row]!);
    const seasons = await ask(db, WORLD, featureOf(ref), left, right);
    expect(seasons.verdict).toBe('zone:+4h or zone:+3h');
    for (const hours of [1.5, 2.25]) {
      const between = answers(SERVICE, WORLD, featureOf(ref), { zone: hours * HOUR });
      expect((await ask(db, WORLD, featureOf(ref), left, between)).verdict).toBeNull();
    }
  });

  it('another default is told beside a mistake that has usual values stand where nothing was known', async () => {
    const ref = 'acts:last_7d';
    const right = served(ref, 'zone:-6h', 'default:none');
    const { verdict, remaining } = await ask(db, WORLD, featureOf(ref), served(ref), right);
    expect({ verdict, remaining }).toEqual({ verdict: 'zone:-6h + default:none', remaining: 0 });
  });

  it('a service that always answers nothing has no known cause', async () => {
    for (const ref of ['acts:avg_1d', 'facts:n', 'acts:sum_7d']) {
      const left = served(ref);
      const { verdict } = await ask(
        db,
        WORLD,
        featureOf(ref),
        left,
        left.map(() => null),
      );
      expect([ref, verdict]).toEqual([ref, null]);
    }
  });

  it('windows on either side of one that is not in the list are not named together', async () => {
    const feature = featureOf('acts:max_7d');
    const right = answers(SERVICE, WORLD, feature, { length: 3 });
    const { verdict } = await ask(db, WORLD, feature, served('acts:max_7d'), right);
    expect(verdict ?? '').not.toContain('length:x2 or length:x7');
  });
});
