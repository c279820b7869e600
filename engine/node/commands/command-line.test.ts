import { mkdtemp, readFile, rm, writeFile, cp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRedis, type TestRedis } from '../../testing/redis-server';
import { plumbline } from './command-line';

const SAMPLE = 'sample-data/streamrec.plumb.md';

async function call(...words: string[]) {
  const lines: string[] = [];
  const problems: string[] = [];
  const code = await plumbline(words, {
    line: (text) => lines.push(text),
    problem: (text) => problems.push(text),
    onInterrupt: () => {},
  });
  return { code, text: lines.join('\n'), problems: problems.join('\n') };
}

type Manifest = { sources: { name: string }[] };
type Json = {
  cells: { name: string; status: string; ms: number; error: Record<string, unknown> | null; result: never }[];
};

describe('plumbline', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plumbline-cli-'));
    await cp('sample-data/data/starts.parquet', join(folder, 'starts.parquet'));
    await cp('sample-data/data/interactions', join(folder, 'interactions'), { recursive: true });
  });
  afterAll(() => rm(folder, { recursive: true }));

  const notebook = async (name: string, cells: string) => {
    const path = join(folder, name);
    await writeFile(path, `---\nplumbline: 1\n---\n\n${cells}\n`);
    return path;
  };
  const STARTS = '```yaml source starts\nfiles: starts.parquet\ntimestamp: event_timestamp\n```\n\n';

  /** A small training set with an export. */
  const EXPORTED = `${STARTS}\`\`\`yaml source interactions
files: interactions/*.parquet
timestamp: event_timestamp
\`\`\`

\`\`\`yaml entity user
join_keys: { user_id: int64 }
\`\`\`

\`\`\`yaml view user_engagement
entity: user
source: interactions
features:
  user_7d_completion_rate:
    type: float64
    window: 7d
    ratio: { of: { count: "*", where: event_type = 'completion' }, over: { count: "*", where: event_type = 'view' } }
\`\`\`

\`\`\`yaml training-set train
spine: { sql: "SELECT user_id, event_timestamp FROM starts ORDER BY ALL LIMIT 200 OFFSET 2000" }
timestamp: event_timestamp
features: [user_engagement:user_7d_completion_rate]
export: { file: train.parquet }
\`\`\`
`;

  it('runs the sample, every cell ok, and a second run is identical but for times', async () => {
    const out = join(folder, 'out');
    const [first, second] = [
      await call('run', SAMPLE, '--json', '--out', out),
      await call('run', SAMPLE, '--json', '--out', out),
    ];
    expect(first.code).toBe(0);
    const report = JSON.parse(first.text) as Json;
    expect(report.cells.map((cell) => [cell.name, cell.status])).toEqual(
      report.cells.map((cell) => [cell.name, 'ok']),
    );
    expect(report.cells.length).toBeGreaterThan(15);
    const timeless = (text: string) =>
      JSON.parse(text, (key, value: unknown) => (key === 'ms' || key === 'age_ms' ? 0 : value)) as unknown;
    expect(timeless(second.text)).toEqual(timeless(first.text));
    const manifest = JSON.parse(await readFile(join(out, 'train.parquet.manifest.json'), 'utf8')) as Manifest;
    const names = manifest.sources.map((source) => source.name);
    expect(names.sort()).toEqual(['interactions', 'item_days', 'starts', 'user_days']);
  });

  it('checks an export against its manifest, and names what changed', async () => {
    const path = await notebook('exported.plumb.md', EXPORTED);
    const out = join(folder, 'exported');
    expect(await call('run', path, '--out', out)).toMatchObject({ code: 0 });
    const manifest = JSON.parse(await readFile(join(out, 'train.parquet.manifest.json'), 'utf8')) as Manifest;
    const checked = await call('run', path, '--cell', 'train', '--out', out, '--check-manifest');
    expect(checked.code).toBe(0);
    await writeFile(
      join(out, 'train.parquet.manifest.json'),
      JSON.stringify({ ...manifest, sources: manifest.sources.map((one) => ({ ...one, files: [] })) }),
    );
    const differs = await call('run', path, '--cell', 'train', '--out', out, '--check-manifest');
    expect(differs.code).toBe(1);
    expect(differs.text).toContain('export.mismatch');
    expect(differs.text).toContain('source interactions changed');
  });

  describe('with a Redis', () => {
    let redis: TestRedis;
    beforeAll(async () => {
      redis = await startRedis();
    });
    afterAll(() => redis.stop());

    it('writes only with --write, verifies, and skips on a second write', async () => {
      const words = ['run', SAMPLE, '--cell', 'dev', '--cell', 'one_user', '--json', '--redis'];
      const url = `dev=${redis.url}`;
      const results = async (...more: string[]) => {
        const { code, text } = await call(...words, url, ...more);
        expect(code).toBe(0);
        const cells = (JSON.parse(text) as Json).cells;
        return Object.fromEntries(cells.map((cell) => [cell.name, cell.result as Record<string, unknown>]));
      };
      const dry = await results();
      expect(dry.dev).toMatchObject({ written: false, changed: 0, skipped_equal: 0 });
      expect(dry.dev?.added).toBe(dry.dev?.entities);
      const wet = await results('--write');
      expect(wet.dev).toMatchObject({ written: true, verified: true, added: dry.dev?.added });
      const again = await results('--write');
      expect(again.dev).toMatchObject({ added: 0, skipped_equal: dry.dev?.entities });
      const latency = again.one_user?.latency_ms as { p50: number };
      expect(latency.p50).toBeGreaterThan(0);
    });
  });

  it('places an SQL error at its line in the file and gives exit code 1', async () => {
    const path = await notebook(
      'bad.plumb.md',
      `${STARTS}\`\`\`sql query q\nSELECT user_id,\n  even_type\nFROM starts\n\`\`\`\n`,
    );
    const { code, text } = await call('run', path, '--json');
    expect(code).toBe(1);
    const cell = (JSON.parse(text) as Json).cells.find((one) => one.name === 'q');
    expect(cell).toMatchObject({ status: 'failed', error: { code: 'sql.bind', line: 12, column: 3 } });
  });

  it('skips what depends on a failed cell and names it', async () => {
    const path = await notebook(
      'skip.plumb.md',
      '```yaml source gone\nfiles: gone.parquet\n```\n\n```sql query q\nFROM gone\n```\n',
    );
    const { code, text } = await call('run', path, '--json');
    expect(code).toBe(1);
    expect((JSON.parse(text) as Json).cells).toMatchObject([
      { name: 'gone', status: 'failed', error: { code: 'source.no_files' } },
      {
        name: 'q',
        status: 'skipped',
        error: { code: 'source.no_files', hint: expect.stringContaining('gone.parquet') },
      },
    ]);
  });

  it('checks without running and prints file:line:column', async () => {
    const good = await call('check', SAMPLE);
    expect(good).toMatchObject({ code: 0, problems: '' });
    const path = await notebook(
      'view.plumb.md',
      `${STARTS}\`\`\`yaml entity user\njoin_keys: { user_id: int64 }\n\`\`\`\n\n\`\`\`yaml view v\nentity: user\nsource: starts\nfeatures:\n  n: { type: int64, window: 7d, count: "*", where: even_timestamp IS NULL }\n\`\`\`\n`,
    );
    const { code, text } = await call('check', path);
    expect(code).toBe(1);
    expect(text).toMatch(/^view\.plumb\.md:18:\d+: error: no column even_timestamp/m);
    expect(text).toContain('event_timestamp');
  });

  it('refuses what it cannot compute, by name', async () => {
    const view =
      'entity: user\nsource: starts\nfeatures:\n  n: { type: int64, column: user_id, default: global_mean }';
    const backfill = 'views: [v]\nstart: 2025-03-01\nend: max\nevery: 1d\nout: out/grid';
    const path = await notebook(
      'refused.plumb.md',
      `${STARTS}\`\`\`yaml entity user\njoin_keys: { user_id: int64 }\n\`\`\`\n\n\`\`\`yaml view v\n${view}\n\`\`\`\n\n\`\`\`yaml backfill b\n${backfill}\n\`\`\`\n`,
    );
    const { code, text } = await call('run', path, '--json');
    expect(code).toBe(1);
    const cell = (JSON.parse(text) as Json).cells.find((one) => one.name === 'b');
    expect(cell?.error).toMatchObject({ code: 'catalog.not_supported', line: 22 });
  });

  it('prints the SQL of a cell', async () => {
    const { code, text } = await call('sql', SAMPLE, '--cell', 'train');
    expect(code).toBe(0);
    expect(text).toContain('-- user_engagement');
    const none = await call('sql', SAMPLE, '--cell', 'nothing');
    expect(none).toMatchObject({ code: 2 });
    expect(none.problems).toContain('notebook.unknown_cell');
  });

  it('says which plan each view would take, and why', async () => {
    const { code, text } = await call('sql', SAMPLE, '--cell', 'train', '--plan');
    expect(code).toBe(0);
    expect(text).toMatch(
      /^user_engagement: join\n {4}about \d+ events .*: pairs of point and event are few\n/,
    );
    expect(text).toMatch(/\nuser_daily: grid\n.*\n {4}50,919 rows in the source, about \d+ rows? a point$/m);
    const pushed = await call('sql', SAMPLE, '--cell', 'dev', '--plan');
    expect(pushed.text.match(/^\w+: /gm)).toHaveLength(4);
    const query = await call('sql', SAMPLE, '--cell', 'daily_volume', '--plan');
    expect(query.problems).toContain('catalog.not_supported');
  });

  it('explains a value in words and as JSON', async () => {
    const path = await notebook('explained.plumb.md', EXPORTED);
    const words = 'train --row 7 --feature user_engagement:user_7d_completion_rate --limit 20'.split(' ');
    const told = await call('explain', path, '--set', ...words);
    expect(told.code).toBe(0);
    expect(told.text).toMatch(/^user_engagement:user_7d_completion_rate = 0\.\d+ \(present\)\n/);
    expect(told.text).toMatch(/\n +\d+ {2}counted in the denominator\n/);
    const printed = await call('explain', path, '--set', ...words, '--json');
    const found = JSON.parse(printed.text) as {
      ratio: { of: number; over: number };
      value: number;
      reasons: { rows: number }[];
      candidates: { at: string; values: Record<string, unknown> }[];
    };
    expect(found.value).toBe(found.ratio.of / found.ratio.over);
    expect(found.candidates.length).toBeLessThan(found.reasons.reduce((sum, { rows }) => sum + rows, 0));
    expect(found.candidates[0]!.at).toMatch(/^2025-\d\d-\d\dT[\d:]+\.\d{6}Z$/);
    expect(found.candidates[0]!.values['event_timestamp']).toBe(found.candidates[0]!.at);
    const other = await call('explain', SAMPLE, '--set', 'tain', '--row', '7', '--feature', 'a:b');
    expect(other.problems).toContain('catalog.unknown_training_set');
  });

  it('gives exit code 2 for usage and unreadable files', async () => {
    expect(await call('run')).toMatchObject({ code: 2 });
    const missing = await call('run', join(folder, 'missing.plumb.md'));
    expect(missing).toMatchObject({ code: 2 });
    expect(missing.problems).toContain('notebook.unreadable');
    expect(await call('run', SAMPLE, '--cell', 'nothing')).toMatchObject({ code: 2 });
  });
});
