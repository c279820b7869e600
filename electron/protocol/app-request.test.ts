import fc from 'fast-check';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openWorkspace, servedFile, type Workspace } from '../workspace/workspace';
import { answerAppRequest, type ServedContent } from './app-request';
import { listBuiltFiles } from './built-files';
import { COMMON_HEADERS } from './headers';

const SECRET = 'outside the workspace';
let folder: string;
let content: ServedContent;
let workspace: Workspace;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'plumbline-protocol-'));
  mkdirSync(join(folder, 'built/assets'), { recursive: true });
  mkdirSync(join(folder, 'work/data'), { recursive: true });
  mkdirSync(join(folder, 'private'));
  writeFileSync(join(folder, 'built/index.html'), '<!doctype html>');
  writeFileSync(join(folder, 'built/assets/engine.wasm'), 'wasm');
  writeFileSync(join(folder, 'work/data/rows.parquet'), '0123456789');
  writeFileSync(join(folder, 'work/data/page.html'), '<script>alert(1)</script>');
  writeFileSync(join(folder, 'work/data/empty.csv'), '');
  writeFileSync(join(folder, 'private/key.txt'), SECRET);
  writeFileSync(join(folder, 'secret.txt'), SECRET);
  symlinkSync(join(folder, 'secret.txt'), join(folder, 'work/link.txt'));
  symlinkSync(join(folder, 'private'), join(folder, 'work/linked'));
  workspace = await openWorkspace(join(folder, 'work'), false, () => Promise.resolve(true));
  content = {
    builtFiles: listBuiltFiles(join(folder, 'built')),
    resolveWorkspaceFile: (id, path) =>
      id === workspace.id ? servedFile(workspace, path) : Promise.resolve(null),
  };
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const get = (path: string, options: { method?: string; range?: string; base?: string } = {}) =>
  answerAppRequest(
    {
      url: `${options.base ?? 'app://plumbline'}${path}`,
      method: options.method ?? 'GET',
      range: options.range ?? null,
    },
    content,
  );
const file = (path: string) => `/workspace/${workspace.id}/${path}`;

test('the start page and built files come with their types', async () => {
  expect(await (await get('/')).text()).toBe('<!doctype html>');
  const wasm = await get('/assets/engine.wasm');
  expect(wasm.status).toBe(200);
  expect(wasm.headers.get('content-type')).toBe('application/wasm');
});

test('every answer, refusals too, carries the policy headers', async () => {
  for (const answer of [
    await get('/'),
    await get('/none/x'),
    await get('/', { method: 'POST' }),
    await get(file('data/rows.parquet')),
  ])
    for (const [name, value] of Object.entries(COMMON_HEADERS)) expect(answer.headers.get(name)).toBe(value);
});

test('the policy allows no evaluated code and nothing remote', () => {
  const policy = COMMON_HEADERS['Content-Security-Policy']!;
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toContain("'unsafe-eval'");
  expect(policy).not.toMatch(/https?:|\*/);
});

test('a workspace file answers whole, by HEAD and by range', async () => {
  const whole = await get(file('data/rows.parquet'));
  expect([whole.status, await whole.text()]).toEqual([200, '0123456789']);
  const head = await get(file('data/rows.parquet'), { method: 'HEAD' });
  expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '10', '']);
  const part = await get(file('data/rows.parquet'), { range: 'bytes=2-4' });
  expect([part.status, part.headers.get('content-range'), await part.text()]).toEqual([
    206,
    'bytes 2-4/10',
    '234',
  ]);
  const beyond = await get(file('data/rows.parquet'), { range: 'bytes=10-' });
  expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, 'bytes */10']);
  expect((await get(file('data/empty.csv'))).status).toBe(200);
});

test('a page in the workspace is data, never a page', async () => {
  expect((await get(file('data/page.html'))).headers.get('content-type')).toBe('application/octet-stream');
});

test('what is not served is refused', async () => {
  expect((await get('/none/icu.duckdb_extension.wasm')).status).toBe(404);
  expect((await get('/workspace/closed/data/rows.parquet')).status).toBe(404);
  expect((await get(file('data'))).status).toBe(404);
  expect((await get('/', { method: 'PUT' })).status).toBe(405);
  expect((await get('/', { base: 'app://elsewhere' })).status).toBe(403);
  expect((await get('/%ff')).status).toBe(400);
  expect((await get('/a%00b')).status).toBe(400);
});

test.each([
  '../secret.txt',
  '..%2fsecret.txt',
  '%2e%2e/secret.txt',
  '%2e%2e%2fsecret.txt',
  'data/../../secret.txt',
  'data%2f..%2f..%2fsecret.txt',
  '..%5csecret.txt',
  '%252e%252e%252fsecret.txt',
  'link.txt',
  'linked/key.txt',
  '/etc/hostname',
  '%2fetc%2fhostname',
])('traversal %s leads nowhere', async (path) => {
  const answer = await get(file(path));
  expect(answer.status).toBeGreaterThanOrEqual(400);
});

test('no spelling of a path reaches a file outside', async () => {
  const piece = fc.constantFrom(
    '..',
    '.',
    '%2e%2e',
    '%2E.',
    '%252e%252e',
    '/',
    '%2f',
    '%5c',
    '\\',
    '//',
    'data',
    'secret.txt',
    'private',
    'key.txt',
    'link.txt',
    'linked',
    '%00',
    '~',
    'work',
    'built',
  );
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 8 }), fc.boolean(), async (pieces, inWorkspace) => {
      const path = pieces.join('');
      const answer = await get(inWorkspace ? file(path) : `/${path}`);
      expect(await answer.text()).not.toContain(SECRET);
    }),
    { seed: 18, numRuns: 3_000 },
  );
});
