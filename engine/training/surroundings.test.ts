import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { queryRows } from '../database/rows';
import { loadSource } from '../database/source-loader';
import { openNodeHost, type NodeHost } from '../node/host';
import { buildCase, textDifferences, wholeTexts } from '../testing/cases/build-case';
import { catalogFor } from '../testing/cases/case-catalog';
import { spineSql, tablesSql } from '../testing/cases/case-tables';
import { expectCases } from '../testing/cases/check-cases';
import { oracleCase, type OracleCase } from '../testing/cases/oracle-case';

const SEED = 20250319;
const CASES = oracleCase(8);
const SOURCES = ['events', 'late'];

/** Where the engine runs, how its sources lie in files, and which settings its database has. */
describe('what surrounds a training set', () => {
  let folder: string;
  /** Holds the cases’ tables as they are; another engine loads them from files. */
  let host: NodeHost;
  let loaded: NodeHost;
  let native: DuckDBConnection;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plumbline-surroundings-'));
    host = await openNodeHost(folder);
    loaded = await openNodeHost(folder);
    native = await (await DuckDBInstance.create(':memory:')).connect();
    await native.run('CREATE SCHEMA _plumb');
  });
  afterAll(async () => {
    native.closeSync();
    await host.close();
    await loaded.close();
    await rm(folder, { recursive: true });
  });

  /** Writes the sources as Parquet files of so many rows at most and gives their names in order. */
  async function writeFiles(one: OracleCase, name: string, rows: number): Promise<string[]> {
    await native.run(tablesSql(one));
    const count = Math.max(1, Math.ceil(one.events.length / rows));
    const files = Array.from(
      { length: count },
      (_, part) => `${name}-${String(part).padStart(3, '0')}.parquet`,
    );
    // DuckDB's writer gives -0 and 0 one entry of a dictionary, so that the file would hold other values than the table.
    for (const [part, file] of files.entries())
      await native.run(
        `COPY (SELECT * EXCLUDE (__order) FROM _plumb.source_events ORDER BY __order LIMIT ${rows} OFFSET ${part * rows})
         TO '${join(folder, file)}' (FORMAT parquet, DICTIONARY_SIZE_LIMIT 0)`,
      );
    return files;
  }

  async function builtFrom(at: NodeHost, one: OracleCase, files: string[]): Promise<string[]> {
    await at.database.query(spineSql(one));
    const { catalog } = catalogFor(one);
    for (const name of SOURCES)
      await loadSource(at.database, at.files, at.reader, { ...catalog.sources.get(name)!, files });
    return wholeTexts(await buildCase(at.database, one));
  }

  it('may be one file or many', async () => {
    await expectCases(
      CASES,
      async (one) => {
        await host.database.query(tablesSql(one));
        const tables = wholeTexts(await buildCase(host.database, one));
        const whole = await builtFrom(loaded, one, await writeFiles(one, 'whole', 1_000_000));
        const split = await builtFrom(loaded, one, await writeFiles(one, 'part', 37));
        return [...textDifferences('one file', tables, whole), ...textDifferences('split', tables, split)];
      },
      { seed: SEED, runs: 4 },
    );
  });

  it('may be a machine of another time zone', async () => {
    const zone = process.env['TZ'];
    process.env['TZ'] = 'Asia/Kathmandu';
    const elsewhere = await openNodeHost(folder);
    try {
      expect(new Date(0).getHours()).toBe(5);
      await expectCases(
        CASES,
        async (one) => {
          const files = await writeFiles(one, 'zone', 1_000_000);
          return textDifferences(
            'zone',
            await builtFrom(loaded, one, files),
            await builtFrom(elsewhere, one, files),
          );
        },
        { seed: SEED, runs: 3 },
      );
    } finally {
      if (zone === undefined) delete process.env['TZ'];
      else process.env['TZ'] = zone;
      await elsewhere.close();
    }
  });

  it('may be another build of the database, with more threads and another session time zone', async () => {
    await expectCases(
      CASES,
      async (one) => {
        await host.database.query(tablesSql(one));
        const { built } = await buildCase(host.database, one);
        const texts = `SELECT __row, COLUMNS(* EXCLUDE (__row))::VARCHAR FROM`;
        const here = await queryRows(host.database, `${texts} ${built.table} ORDER BY __row`);
        const findings: string[] = [];
        for (const settings of [
          "SET threads = 1; SET TimeZone = 'UTC'",
          "SET threads = 4; SET TimeZone = 'America/St_Johns'",
        ]) {
          await native.run(settings);
          await native.run(tablesSql(one));
          for (const { sql } of built.sqlTexts) await native.run(sql);
          const there = await native.runAndReadAll(`${texts} _plumb.next_train ORDER BY __row`);
          const print = (rows: Record<string, unknown>[]): string[] =>
            rows.map((row) => Object.values(row).map(String).join(' | '));
          findings.push(...textDifferences(settings, print(here), print(there.getRowObjects())));
        }
        return findings;
      },
      { seed: SEED, runs: 5 },
    );
  });
});
