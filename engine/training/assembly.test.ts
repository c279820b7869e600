import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DuckDBWasm } from '../database/duckdb-wasm';
import type { Database } from '../database/database';
import { queryRows } from '../database/rows';
import { nodeEngineHost } from '../node/duckdb-thread';
import { storedStatus } from '../sql/status';
import { aFeature, aView, catalogOf } from '../testing/catalog-fixture';
import { aSet } from '../testing/training-set-fixture';
import { KeptBuild } from './kept-build';
import type { PartBuilder } from './part-builder';
import { buildTrainingSet, type BuildOptions } from './training-set';

const MIB = 2 ** 20;
const ROWS = 500_000;
const FEATURES = Array.from({ length: 8 }, (_, at) => `x${at}`);

const view = aView(
  'newest',
  'table',
  'ev',
  FEATURES.map((column) => aFeature(column, 'int64', { kind: 'column', column })),
);
const set = aSet(
  `SELECT i % 1000 AS user_id, TIMESTAMP '2025-01-05' + to_seconds(i) AS ts FROM range(${ROWS}) t(i)`,
  [view],
);
/** One row, for those who read it. */
const SOURCE = `CREATE TABLE _plumb.source_ev AS SELECT 1 AS user_id, TIMESTAMP '2025-01-01' AS ts, 0 AS __order,
  ${FEATURES.map((name) => `2::BIGINT AS ${name}`).join(', ')}`;
const catalog = catalogOf({ views: [view], sets: [set] });

describe('a result larger than what is left of the memory', () => {
  let db: Database;
  beforeAll(async () => {
    db = await DuckDBWasm.open(nodeEngineHost({ memoryBytes: LIMIT }));
    await db.query(SOURCE);
  });
  afterAll(() => db.close());
  const LIMIT = 250 * MIB;

  /** Stands for joins, which would take more memory than what is tried here. */
  const buildPart: PartBuilder = async (at) => {
    const columns = FEATURES.map(
      (_, index) => `__row + ${index} AS __v${index}, ${storedStatus("'present'")} AS __s${index}`,
    );
    const part = `SELECT __row, false AS __tied, ${columns.join(', ')} FROM _plumb.spine_train WHERE hash(user_id) % 2`;
    // As chunks come: entity by entity, not in the spine's order.
    await at.query(
      `CREATE TABLE _plumb.part_train_0 AS ${part} = 1; INSERT INTO _plumb.part_train_0 ${part} = 0`,
    );
    const naive = FEATURES.map((_, index) => `i AS __v${index}, 0 AS __last${index}`);
    await at.query(
      `CREATE TABLE _plumb.naive_train_0 AS SELECT i AS __k0, ${naive.join(', ')} FROM range(1000) t(i)`,
    );
  };
  const build = (options: Partial<BuildOptions>) =>
    buildTrainingSet(db, catalog, set, { sample: null, buildPart, ...options });

  it('is refused in one piece', async () => {
    expect((await db.memory()).limit).toBe(LIMIT);
    const phases: string[] = [];
    const onProgress = ({ phase }: { phase: string }): void => void phases.push(phase);
    await expect(build({ rangeRows: ROWS, onProgress })).rejects.toMatchObject({
      code: 'engine.out_of_memory',
    });
    expect(phases.at(-1)).toBe('assembling train');
  });

  it('stands when it is put together in ranges', async () => {
    const built = await build({ rangeRows: 122_880 });
    expect(built.rows).toBe(ROWS);
    const right = FEATURES.map(
      (name, at) => `${name} = __row + ${at} AND __naive_${at} = user_id AND __status_${at} = 'present'`,
    );
    const rows = `SELECT count(*) FILTER (WHERE ${right.join(' AND ')} AND rowid = __row) AS n FROM _plumb.stored_train`;
    expect(await queryRows(db, rows)).toEqual([{ n: BigInt(ROWS) }]);
  });
});

it('keeps what a preview goes on from', async () => {
  const db = await DuckDBWasm.open(nodeEngineHost());
  try {
    await db.query(SOURCE);
    const keep = { build: new KeptBuild(), inputs: { spine: '', source: () => '', isHere: () => true } };
    await buildTrainingSet(db, catalog, set, { sample: 50, rangeRows: 10, keep });
    const stages = `SELECT table_name AS name FROM duckdb_tables()
      WHERE regexp_matches(table_name, '^(spine|part|range)_') ORDER BY name`;
    expect(await queryRows(db, stages)).toEqual(
      ['part_train_0', 'spine_raw_train', 'spine_train'].map((name) => ({ name })),
    );
  } finally {
    await db.close();
  }
});
