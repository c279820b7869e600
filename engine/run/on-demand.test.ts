import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { queryRows } from '../database/rows';
import { openSession, WHOLE_RUN, type Session } from '../node/commands/session';
import { rehearsalHost } from '../online/rehearsal';
import type { LookupResult } from '../results';

/** One moment: what training sees there is what a lookup sees once the snapshot of that moment is stored. */
const NOTEBOOK = `---
plumbline: 1
---

\`\`\`yaml source ratings
files: ratings.csv
timestamp: ts
\`\`\`

\`\`\`yaml source items
files: items.csv
timestamp: ts
\`\`\`

\`\`\`yaml entity user
join_keys: { user_id: int64 }
\`\`\`

\`\`\`yaml entity item
join_keys: { item_id: string }
\`\`\`

\`\`\`yaml view user_taste
entity: user
source: ratings
features:
  mean_rating: { type: float64, column: rating, default: 2.5 }
  small: { type: float32, column: rating, default: global_mean }
  points: { type: int64 }
  seen: { type: timestamp, column: seen }
  genre: { type: string, default: none }
\`\`\`

\`\`\`yaml view item_price
entity: item
source: items
features:
  price: { type: float64, default: { category_mean: shelf } }
  shelf: { type: string, default: other }
\`\`\`

\`\`\`yaml view user_item
on_demand: true
features:
  affinity: { type: float64, expression: "ln(mean_rating + 1) / (price * 3) + discount", missing_indicator: true }
  rounded: { type: int64, expression: "points // parts", default: 7 }
  twice: { type: float32, expression: affinity * 2 + small }
  since: { type: timestamp, expression: seen + INTERVAL 1 day }
  label_text: { type: string, expression: "coalesce(genre, 'none') || '/' || shelf" }
  list: { type: "float64[]", expression: "[mean_rating, price]" }
\`\`\`

\`\`\`yaml training-set train
spine:
  sql: |
    SELECT user_id, item_id, TIMESTAMP '2025-01-10' AS ts, discount, 3::BIGINT AS parts FROM (VALUES
      (1, 'a', 0.1::DOUBLE), (2, 'b', 0.2), (3, 'c', 0.3), (9, 'a', 0.7)) s(user_id, item_id, discount)
timestamp: ts
features: [user_item:twice, user_item:affinity, user_item:rounded, user_item:since, user_item:label_text, user_item:list, item_price:price]
\`\`\`

\`\`\`yaml materialize dev
views: [user_taste, item_price]
end: 2025-01-10T00:00:00Z
redis: dev
project: p
\`\`\`

\`\`\`yaml lookup asked
redis: dev
entities:
  - { user_id: 1, item_id: a, discount: 0.1, parts: 3 }
  - { user_id: 2, item_id: b, discount: 0.2, parts: 3 }
  - { user_id: 3, item_id: c, discount: 0.3, parts: 3 }
  - { user_id: 9, item_id: a, discount: 0.7, parts: 3 }
features: [user_item:twice, user_item:affinity, user_item:rounded, user_item:since, user_item:label_text, user_item:list, item_price:price]
\`\`\`
`;

let folder: string;
let session: Session;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plumbline-on-demand-'));
  await writeFile(
    join(folder, 'ratings.csv'),
    'user_id,ts,rating,points,seen,genre\n1,2025-01-02,0.1,5,2025-01-01 10:00:00,drama\n2,2025-01-03,4.7,-5,2025-01-02 11:00:00,\n3,2025-01-03,,,,noir\n',
  );
  await writeFile(
    join(folder, 'items.csv'),
    'item_id,ts,price,shelf\na,2025-01-01,3.3,top\nb,2025-01-02,,top\nc,2025-01-03,,\nd,2025-01-03,7.1,low\n',
  );
  await writeFile(join(folder, 'a.plumb.md'), NOTEBOOK);
  session = await openSession(join(folder, 'a.plumb.md'), { allowOutside: false, online: rehearsalHost() });
});
afterAll(async () => {
  await session.close();
  await rm(folder, { recursive: true });
});

const lookup = async (): Promise<LookupResult> => {
  const run = await session.runner.run('asked', WHOLE_RUN);
  expect(run.error).toBeNull();
  return run.result as LookupResult;
};
const FEATURES = ['affinity', 'rounded', 'twice', 'since', 'label_text', 'list', 'price'];

it('reports nothing wrong with the notebook', async () => {
  expect(session.notebook.diagnostics).toEqual([]);
  expect(await session.runner.bind()).toEqual([]);
});

it('leaves a mean NULL at lookup until a training set has taken it', async () => {
  expect((await session.runner.run('dev', WHOLE_RUN)).error).toBeNull();
  const { rows } = await lookup();
  expect(rows[1]!.features['item_price:price']).toMatchObject({
    value: null,
    status: 'null',
    defaulted: false,
  });
  expect(rows[1]!.features['user_item:affinity']).toMatchObject({
    value: null,
    status: 'null',
    defaulted: false,
  });
  expect(Object.keys(rows[0]!.features)).toHaveLength(FEATURES.length);
});

it('gives the same values in training and at lookup, to the last bit', async () => {
  const built = await session.runner.run('train', WHOLE_RUN);
  expect(built.error).toBeNull();
  expect(built.columns.map(({ name }) => name)).toContain('affinity__missing');
  const trained = await queryRows(
    session.host.database,
    `SELECT * REPLACE (strftime(since, '%Y-%m-%dT%H:%M:%S.%fZ') AS since) FROM train`,
  );
  const { rows } = await lookup();
  const shown = (value: unknown): unknown => (typeof value === 'bigint' ? Number(value) : value);
  trained.forEach((row, at) => {
    for (const name of FEATURES) {
      const view = name === 'price' ? 'item_price' : 'user_item';
      expect([at, name, rows[at]!.features[`${view}:${name}`]!.value]).toEqual([at, name, shown(row[name])]);
    }
  });
  expect(trained[0]!['affinity']).toBeCloseTo(Math.log(1.1) / (3.3 * 3) + 0.1, 12);
  expect(trained[1]!['price']).toBe(3.3);
  expect(trained.map((row) => row['rounded'])).toEqual([1n, -1n, 7n, 7n]);
  expect(rows.map((row) => row.features['user_item:rounded']!.defaulted)).toEqual([false, false, true, true]);
  expect(rows[0]!.entity).toEqual({ user_id: 1, item_id: 'a', discount: 0.1, parts: 3 });
});

it('counts a row as leaking where something that it reads leaks', async () => {
  await writeFile(
    join(folder, 'a.plumb.md'),
    NOTEBOOK.replace("'2025-01-10' AS ts", "'2025-01-02 12:00:00' AS ts"),
  );
  const other = await openSession(join(folder, 'a.plumb.md'), { allowOutside: false });
  const built = await other.runner.run('train', WHOLE_RUN);
  expect(built.error).toBeNull();
  const rows = await queryRows(
    other.host.database,
    'SELECT __leaks_0, __leaks_5, __leaks_6 FROM _plumb.training_train ORDER BY __row',
  );
  expect(rows.map((row) => [row['__leaks_0'], row['__leaks_5'], row['__leaks_6']])).toEqual([
    [false, false, false],
    [true, true, false],
    [true, true, true],
    [false, false, false],
  ]);
  await other.close();
});
