/**
 * Compares with an installed Feast through a real Redis, in both directions: Plumbline materializes the golden
 * hashes into database 0, Feast reads them; Feast materializes the same rows into database 1, and the two databases
 * must be equal byte for byte.
 *
 *     npx tsx engine/testing/feast-check.ts /path/to/python-with-feast
 */
import { execFileSync } from 'node:child_process';
import { deepStrictEqual } from 'node:assert';
import { fileURLToPath } from 'node:url';
import { createOnlineHost } from '../node/redis-host';
import { allHashes, bystander } from './online-job';
import { goldenHashes, goldenJob } from './golden-job';
import { startRedis } from './redis-server';

const pathOf = (file: string): string => fileURLToPath(new URL(file, import.meta.url));
const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** A fixture's text as Feast's own reader gives it. */
function expected(type: string, text: unknown): unknown {
  if (text === null) return null;
  if (Array.isArray(text)) return text.map((item) => expected(type.replace('[]', ''), item));
  if (type === 'bool') return text === 'true';
  return type === 'string' ? text : Number(text);
}

const python = process.argv[2] ?? 'python3';
const redis = await startRedis();
const client = bystander(redis.target);
try {
  const host = createOnlineHost(() => redis.target);
  for (const example of goldenHashes) {
    const { job, rows } = goldenJob(example);
    await host.materialize(job, rows, { write: true });
  }
  const fixture = pathOf('../online/fixtures/feast-golden.json');
  const output = execFileSync(python, [pathOf('feast-check.py'), fixture, String(redis.target.port)], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const read = JSON.parse(/^RESULT (.*)$/m.exec(output)?.[1] ?? 'null') as Record<string, unknown> | null;
  for (const example of goldenHashes) {
    const values = example.features.map(([name, type, text]) => [name, expected(String(type), text)]);
    deepStrictEqual(read?.[example.name], Object.fromEntries(values));
    say(`Feast reads ${example.name}: ${values.length} values equal`);
  }
  const ours = await allHashes(client);
  await client.select(1);
  const theirs = await allHashes(client);
  deepStrictEqual(ours, theirs);
  say(`Feast writes the same bytes: ${Object.keys(theirs).length} hashes equal`);
} finally {
  client.disconnect();
  await redis.stop();
}
