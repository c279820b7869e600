import type { DuckDBConnection } from '@duckdb/node-api';
import fc from 'fast-check';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HOUR, MINUTE } from '../catalog/window';
import { isoMicroseconds } from '../catalog/instant';
import { decodeRows, queryRows } from '../database/rows';
import { openNodeHost, type NodeHost } from '../node/host';
import { prepareView } from '../sql/view-facts';
import { aBackfill, nativeTexts, openNative, snapshotSelect, snapshotTexts } from '../testing/backfill-truth';
import { catalogFor } from '../testing/cases/case-catalog';
import { tablesSql } from '../testing/cases/case-tables';
import { oracleCase } from '../testing/cases/oracle-case';
import { plainViews } from '../testing/cases/views';
import { runBackfill } from './backfill';
import { gridRows } from './grid-rows';
import { planBackfill } from './plan';

/** A backfill has no spine, hence no means. */
const CASES = oracleCase(8, plainViews);

const grid = fc.record({
  /** From the case's own instant, which lies at a time of its spine or events. */
  ahead: fc
    .tuple(fc.integer({ min: -12, max: 12 }), fc.constantFrom(0n, 0n, 1n, -1n))
    .map(([hours, jitter]) => BigInt(hours) * HOUR + jitter),
  every: fc.constantFrom(30n * MINUTE, HOUR, 6n * HOUR, 24n * HOUR),
  steps: fc.bigInt({ min: 0n, max: 6n }),
  limits: fc.record({ points: fc.integer({ min: 1, max: 40 }), instants: fc.integer({ min: 1, max: 8 }) }),
});

describe('a backfill over random data and a random grid', () => {
  let folder: string;
  let host: NodeHost;
  let native: DuckDBConnection;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plumbline-random-grid-'));
    host = await openNodeHost(folder);
    native = await openNative();
  });
  afterAll(async () => {
    native.closeSync();
    await host.close();
    await rm(folder, { recursive: true });
  });

  it('computes what one snapshot per instant gives, for every view', async () => {
    const db = host.database;
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(CASES, grid, async (given, at) => {
        await db.query(tablesSql(given));
        const catalog = catalogFor(given).catalog;
        const instants = Array.from(
          { length: Number(at.steps) + 1 },
          (_, i) => given.end + at.ahead + BigInt(i) * at.every,
        );
        for (const view of catalog.views.keys()) {
          const compiled = await prepareView(db, catalog, view);
          for await (const one of gridRows(db, compiled, instants, { limits: at.limits })) {
            const found = [];
            for await (const batch of one.batches) found.push(...decodeRows(batch));
            const truth = await queryRows(db, await snapshotSelect(db, catalog, view, one.at));
            expect(found).toEqual(truth);
            expect(one.rows).toBe(truth.length);
            compared += truth.length;
          }
        }
      }),
      { numRuns: 30, seed: 20_250_316 },
    );
    // Cases without any entity would prove nothing.
    expect(compared).toBeGreaterThan(1000);
  });

  it('writes files that native DuckDB reads as those snapshots, by their hive partitions', async () => {
    const db = host.database;
    await fc.assert(
      fc.asyncProperty(CASES, grid, async (given, at) => {
        await db.query(tablesSql(given));
        const catalog = catalogFor(given).catalog;
        const { every } = at;
        const start = given.end + at.ahead;
        const backfill = aBackfill({
          views: [...catalog.views.keys()],
          start,
          every,
          end: start + at.steps * every,
        });
        const plan = await planBackfill(db, catalog, backfill, { version: '1', sources: () => [] });
        await runBackfill(host, plan, { folder: backfill.out, write: true, limits: at.limits });
        for (const { view, at: instant } of plan.views.flatMap(({ partitions }) => partitions)) {
          const text = isoMicroseconds(instant);
          const time = every < 24n * HOUR ? { time: text.slice(11, 19).replaceAll(':', '') } : {};
          const partition = { date: text.slice(0, 10), ...time };
          expect(await nativeTexts(native, join(folder, backfill.out), view, partition)).toEqual(
            await snapshotTexts(db, catalog, view, instant),
          );
        }
        await rm(join(folder, 'out'), { recursive: true });
      }),
      { numRuns: 5, seed: 316 },
    );
  });
});
