import { tableFromArrays, tableToIPC } from '@uwdata/flechette';
import { expect, test } from 'vitest';
import { PlumblineError } from '../../engine/errors';
import { fakeClock } from './fake-clock';
import type { EngineSession } from './session';
import type { Host } from './state';
import { createAppStore } from './store';

/** A store whose engine notes each statement, gives one column and counts three rows. */
function withEngine() {
  const statements: string[] = [];
  const database = {
    describe: async (sql: string) => {
      if (sql.includes('nothing')) throw new PlumblineError('sql.bind', 'no table nothing');
      return [{ name: 'n', type: 'BIGINT' }];
    },
    query: async (sql: string) => {
      statements.push(sql);
      return tableToIPC(tableFromArrays({ rows: Int32Array.of(3) }), {})!;
    },
  };
  const store = createAppStore({
    host: { call: async () => ({}), on: () => () => {}, pathForFile: () => null } as unknown as Host,
    clock: fakeClock(),
    openSession: () => Promise.reject(new Error('not started here')),
    notify: () => {},
  });
  const session = { database } as unknown as EngineSession;
  store.setState({ engine: { ...store.getState().engine, session } });
  return { store, statements, runs: () => store.getState().runs };
}

test('a selection gets a table of its own, beside the result of the cell', async () => {
  const { runs, statements } = withEngine();
  await runs().runSelection('daily', 'SELECT 1 AS n;\n');
  expect(statements[0]).toBe('CREATE OR REPLACE TABLE "_plumb"."selection_daily" AS\nSELECT 1 AS n');
  expect(runs().selections.daily).toMatchObject({
    phase: 'done',
    rows: 3,
    error: null,
    sql: 'SELECT 1 AS n',
  });
  expect(runs().byCell).toEqual({});
});

test('what only reads runs, anything else is refused, and a mistake is shown', async () => {
  const { runs, statements } = withEngine();
  await runs().runSelection('daily', 'DROP TABLE x');
  expect(runs().selections.daily?.error?.code).toBe('sql.forbidden');
  await runs().runSelection('daily', 'SELECT * FROM nothing');
  expect(runs().selections.daily?.error?.code).toBe('sql.bind');
  expect(statements).toEqual([]);
});

test('closing drops the rows', async () => {
  const { runs, statements } = withEngine();
  await runs().runSelection('daily', 'SELECT 1 AS n');
  runs().closeSelection('daily');
  expect(runs().selections).toEqual({});
  expect(statements.at(-1)).toBe('DROP TABLE IF EXISTS "_plumb"."selection_daily"');
});
