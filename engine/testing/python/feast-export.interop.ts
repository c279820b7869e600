import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SCALAR_TYPES } from '../../catalog/model';
import { plumbline } from '../../node/commands/command-line';
import { allHashes, bystander } from '../online-job';
import { startRedis, type TestRedis } from '../redis-server';
import { runPython, withoutPython } from './python';

const types = SCALAR_TYPES.flatMap((type) => [
  `  ${type}: { type: ${type}, column: ${type} }`,
  `  ${type}_list: { type: "${type}[]", column: ${type}_list }`,
]).join('\n');
const names = SCALAR_TYPES.flatMap((type) => [type, `${type}_list`]);

const NOTEBOOK = `---
plumbline: 1
---

\`\`\`yaml source rows
files: rows.parquet
timestamp: at
\`\`\`

\`\`\`yaml entity user
join_keys: { user_id: int64 }
\`\`\`

\`\`\`yaml entity place
join_keys: { shop: int32, item: string }
\`\`\`

\`\`\`yaml view every
entity: user
source: rows
description: |
  Every type, "once".
tags: { owner: me }
features:
${types}
\`\`\`

\`\`\`yaml view pairs
entity: place
source: rows
features:
${types}
\`\`\`

\`\`\`yaml view later
entity: user
source: rows
version: 3
features:
  int64: { type: int64, column: int64 }
\`\`\`

\`\`\`yaml view windows
entity: user
source: rows
ttl: 30d
features:
  n: { type: int64, window: 7d, count: "*", default: 0 }
\`\`\`

\`\`\`yaml training-set train
spine: { sql: "SELECT user_id, at FROM rows" }
timestamp: at
features: [every:float64, every:string_list]
\`\`\`

\`\`\`yaml materialize push
views: [every, pairs, later, windows]
end: 2026-01-01T00:00:00Z
redis: dev
project: plumb
\`\`\`
`;

/** The rows of database 0 are Plumbline's, those of database 1 Feast's own. */
describe.skipIf(withoutPython)('a Feast repository that Plumbline exported', () => {
  let redis: TestRedis;
  let folder: string;
  let client: ReturnType<typeof bystander>;
  const repository = () => join(folder, 'repository');
  const said: string[] = [];

  const run = async (...words: string[]): Promise<void> => {
    const output = { line: (text: string) => said.push(text), problem: (text: string) => said.push(text) };
    const code = await plumbline(words, { ...output, onInterrupt: () => {} });
    if (code !== 0) throw new Error(said.join('\n'));
  };

  beforeAll(async () => {
    redis = await startRedis();
    client = bystander(redis.target);
    folder = await mkdtemp(join(tmpdir(), 'plumbline-feast-'));
    await runPython('feast_export.py', 'rows', folder);
    const notebook = join(folder, 'notebook.plumb.md');
    await writeFile(notebook, NOTEBOOK);
    await run('run', notebook, '--cell', 'push', '--write', '--redis', `dev=${redis.url}`);
    await run('export-feast', notebook, '--out', repository(), '--redis', redis.url);
  });
  afterAll(async () => {
    client.disconnect();
    await redis.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('is one that feast apply takes, and Feast reads every type from what Plumbline wrote', async () => {
    const found = (await runPython('feast_export.py', 'check', repository())) as Record<string, unknown>;
    expect(found).toEqual({
      types: names
        .map((name) =>
          name
            .replace('float32', 'float')
            .replace('float64', 'double')
            .replace('timestamp', 'unix_timestamp'),
        )
        .map((name) => `${name}_val`)
        .sort(),
      compared: 60 * 16 * 2,
      every: [],
      pairs: [],
      service: [],
      versioned: [],
    });
  });

  it('materializes the same bytes with Feast, but for NULL timestamps, which Feast stores as a number', async () => {
    const ours = await allHashes(client);
    await runPython('feast_export.py', 'materialize', repository());
    await client.select(1);
    const theirs = await allHashes(client);
    expect(Object.keys(theirs).sort()).toEqual(Object.keys(ours).sort());
    const differing = Object.entries(ours).flatMap(([key, fields]) =>
      Object.entries(fields).flatMap(([field, value]) =>
        theirs[key]?.[field] === value ? [] : [[value, theirs[key]?.[field]]],
      ),
    );
    const notATime = '4080808080808080808001';
    expect(differing.length).toBeGreaterThan(0);
    expect(new Set(differing.map(([mine, other]) => `${mine} ${other}`))).toEqual(new Set([` ${notATime}`]));
  });

  it('is read by Plumbline from what Feast wrote, equal to the notebook’s own values', async () => {
    const other = redis.url.replace(/\/0$/, '/1');
    const notebook = join(folder, 'notebook.plumb.md');
    for (const view of ['every', 'pairs', 'later', 'windows']) {
      await run('inspect', other, '--notebook', notebook, '--view', view, '--at', '2026-01-01');
      expect(said.at(-2)).toMatch(
        new RegExp(`^${view}: [1-9]\\d* equal, 0 differ, 0 not in Redis, 0 only in Redis$`),
      );
    }
  });
});
