import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOnlineHost } from '../../node/redis-host';
import { goldenHashes, goldenJob } from '../golden-job';
import { allHashes, bystander } from '../online-job';
import { startRedis, type TestRedis } from '../redis-server';
import { runPython, withoutPython } from './python';

const FIXTURE = fileURLToPath(new URL('../../online/fixtures/feast-golden.json', import.meta.url));

/** A fixture's text as Feast's own reader gives it. */
function expected(type: string, text: unknown): unknown {
  if (text === null) return null;
  if (Array.isArray(text)) return text.map((item) => expected(type.replace('[]', ''), item));
  if (type === 'bool') return text === 'true';
  return type === 'string' ? text : Number(text);
}

/** Plumbline materializes into database 0, where Feast reads; Feast materializes the same rows into database 1. */
describe.skipIf(withoutPython)('an installed Feast', () => {
  let redis: TestRedis;
  let client: ReturnType<typeof bystander>;
  let read: Record<string, unknown>;
  beforeAll(async () => {
    redis = await startRedis();
    client = bystander(redis.target);
    const host = createOnlineHost(() => redis.target);
    for (const example of goldenHashes) {
      const { job, rows } = goldenJob(example);
      await host.materialize(job, rows, { write: true });
    }
    read = (await runPython('feast_online.py', FIXTURE, String(redis.target.port))) as typeof read;
  });
  afterAll(async () => {
    client.disconnect();
    await redis.stop();
  });

  it.each(goldenHashes.map((example) => [example.name, example] as const))(
    'reads %s',
    (name, { features }) => {
      const values = features.map(([feature, type, text]) => [feature, expected(String(type), text)]);
      expect(read[name]).toEqual(Object.fromEntries(values));
    },
  );

  it('writes the same bytes', async () => {
    const ours = await allHashes(client);
    await client.select(1);
    expect(Object.keys(ours)).toHaveLength(goldenHashes.length);
    expect(await allHashes(client)).toEqual(ours);
  });
});
