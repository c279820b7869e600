import { describe, expect, it } from 'vitest';
import { PlumblineError } from '../../errors';
import { parseArguments } from './arguments';

describe('parseArguments', () => {
  it('reads every option of run', () => {
    const words =
      'run a.plumb.md --cell x --cell y --out o --redis dev=redis://h:1/2 --write --json --threads 2 --allow-outside';
    expect(parseArguments(words.split(' '))).toEqual({
      command: 'run',
      file: 'a.plumb.md',
      cells: ['x', 'y'],
      out: 'o',
      redis: { dev: 'redis://h:1/2' },
      write: true,
      json: true,
      threads: 2,
      allowOutside: true,
      checkManifest: false,
      dropJournal: false,
    });
  });

  it('reads explain, sql, backfill and check', () => {
    expect(parseArguments('explain f --set t --row 3 --feature v:f --limit 9'.split(' '))).toMatchObject({
      set: 't',
      row: 3,
      feature: 'v:f',
      limit: 9,
    });
    expect(parseArguments('sql f --cell c --dialect duckdb'.split(' '))).toMatchObject({ cell: 'c' });
    expect(parseArguments('backfill f --cell c --out o --json'.split(' '))).toEqual({
      command: 'backfill',
      file: 'f',
      cell: 'c',
      out: 'o',
      json: true,
      allowOutside: false,
    });
    expect(parseArguments('check f --json'.split(' '))).toMatchObject({ file: 'f', json: true });
  });

  it('gives help for nothing, help and --help', () => {
    for (const words of [[], ['help'], ['run', '--help']])
      expect(parseArguments(words)).toEqual({ command: 'help' });
  });

  it.each([
    ['walk f', 'No command'],
    ['run', 'Name the notebook'],
    ['run a b', 'left over: b'],
    ['run a --redis dev', 'NAME=URL'],
    ['run a --threads 0', 'from 1'],
    ['run a --what', 'what'],
    ['sql a', '--cell NAME is missing'],
    ['backfill a', '--cell NAME is missing'],
    ['backfill a --cell c --write', 'write'],
    ['sql a --cell c --dialect spark', 'No dialect'],
    ['explain a --set s --row -1 --feature v:f', '--row'],
    ['explain a --set s --row 1 --feature vf', 'VIEW:FEATURE'],
    ['explain a --set s --row 1 --feature v:f --limit 0', '--limit'],
  ])('refuses "%s" as usage', (words, part) => {
    try {
      parseArguments(words.split(' '));
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(PlumblineError);
      expect((error as PlumblineError).code).toBe('usage');
      expect((error as PlumblineError).message).toContain(part);
    }
  });
});
