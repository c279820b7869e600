import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ERROR_CODES } from './errors';

const ROOT = join(import.meta.dirname, '..');
const FOLDERS = ['engine', 'electron', 'renderer', 'sample-data', 'e2e'];
const TEST = /\.(test|e2e)\.tsx?$/;

async function texts(wanted: (path: string) => boolean): Promise<string> {
  const found: string[] = [];
  for (const folder of FOLDERS)
    for (const path of await readdir(join(ROOT, folder), { recursive: true }))
      if (/\.tsx?$/.test(path) && wanted(path)) found.push(await readFile(join(ROOT, folder, path), 'utf8'));
  return found.join('\n');
}
const missingFrom = (text: string): string[] =>
  ERROR_CODES.filter((code) => !new RegExp(`['"\`]${code.replace('.', '\\.')}['"\`]`).test(text));

describe('the list of error codes', () => {
  it('has a test for every code', async () => {
    const tests = await texts((path) => TEST.test(path) && path !== 'errors.test.ts');
    expect(missingFrom(tests)).toEqual([]);
  });

  it('has no code that nothing raises', async () => {
    const source = await texts(
      (path) => !TEST.test(path) && path !== 'errors.ts' && !path.startsWith('testing'),
    );
    expect(missingFrom(source)).toEqual([]);
  });
});
