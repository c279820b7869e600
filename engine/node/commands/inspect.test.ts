import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRedis, type TestRedis } from '../../testing/redis-server';
import { plumbline } from './command-line';

const NOTEBOOK = `---
plumbline: 1
---

\`\`\`yaml source rows
files: rows.csv
timestamp: ts
\`\`\`

\`\`\`yaml entity user
join_keys: { user_id: int64 }
\`\`\`

\`\`\`yaml view stats
entity: user
source: rows
features:
  clicks: { type: int64 }
  city: { type: string }
\`\`\`

\`\`\`yaml materialize push
views: [stats]
end: 2025-01-03
redis: dev
project: shop
\`\`\`
`;

const ROWS = `user_id,ts,clicks,city
1,2025-01-01 10:00:00,5,Bern
2,2025-01-02 10:00:00,6,Basel
2,2025-01-04 10:00:00,7,Basel
`;

describe('plumbline inspect', () => {
  let redis: TestRedis;
  let folder: string;
  let file: string;
  const call = async (...words: string[]) => {
    const lines: string[] = [];
    const line = (text: string) => void lines.push(text);
    const code = await plumbline(words, { line, problem: line, onInterrupt: () => {} });
    return { code, text: lines.join('\n') };
  };
  beforeAll(async () => {
    redis = await startRedis();
    folder = await mkdtemp(join(tmpdir(), 'plumbline-cli-inspect-'));
    file = join(folder, 'a.plumb.md');
    await writeFile(file, NOTEBOOK);
    await writeFile(join(folder, 'rows.csv'), ROWS);
    const { code } = await call('run', file, '--write', '--redis', `dev=${redis.url}`);
    expect(code).toBe(0);
  });
  afterAll(async () => {
    await redis.stop();
    await rm(folder, { recursive: true });
  });

  it('tells what there is, without a notebook by the tags of the bytes', async () => {
    const { code, text } = await call('inspect', redis.url);
    expect(code).toBe(0);
    expect(text).toContain('looked at 2 of 2 keys, 0 not Feast’s');
    expect(text).toContain('shop (user_id int64): 2 entities');
    expect(text).toMatch(/unknown field 0x[0-9a-f]{8}, int64, in 2 entities/);
    expect(text).toContain(
      'stats                            2 entities, 0 expired, 2025-01-01T10:00:00.000000Z to 2025-01-02T10:00:00.000000Z, not in the notebook',
    );
  });

  it('shows the values of an entity by the names of the notebook', async () => {
    const { text } = await call('inspect', redis.url, '--notebook', file, '--entity', 'user_id=2');
    expect(text).toMatch(/clicks +int64 +6\n/);
    expect(text).toMatch(/city +string +"Basel"/);
    expect(text).not.toContain('Bern');
    const json = await call('inspect', redis.url, '--notebook', file, '--entity', 'user_id=2', '--json');
    expect(JSON.parse(json.text)).toMatchObject({ plumbline: 1, looked: 2, entities: [{ project: 'shop' }] });
  });

  it('holds a view against its values at a time', async () => {
    const at = (time: string) =>
      call('inspect', redis.url, '--notebook', file, '--view', 'stats', '--at', time);
    const same = await at('2025-01-03');
    expect(same.text).toContain('stats: 2 equal, 0 differ, 0 not in Redis, 0 only in Redis');
    expect(same.code).toBe(0);
    const later = await at('max');
    expect(later.code).toBe(1);
    expect(later.text).toContain('stats: 1 equal, 1 differ');
    expect(later.text).toContain('event times in Redis: 1 older, 0 newer');
    expect(later.text).toContain('clicks differs for 1 entity');
    expect(later.text).toContain('truth  event time 2025-01-04T10:00:00.000000Z, clicks 7, city Basel');
    const before = await at('2025-01-01T12:00:00Z');
    expect(before.text).toContain('1 equal, 0 differ, 0 not in Redis, 1 only in Redis');
  });

  it('refuses what it cannot use', async () => {
    expect(await call('inspect')).toMatchObject({ code: 2, text: expect.stringContaining('Name the Redis') });
    for (const words of [
      ['--view', 'stats'],
      ['--entity', 'user_id'],
      ['--notebook', file, '--view', 'stats', '--at', 'noon'],
    ])
      expect(await call('inspect', redis.url, ...words)).toMatchObject({
        code: 2,
        text: expect.stringContaining('[usage]'),
      });
  });
});
