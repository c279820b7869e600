import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../database/database';
import { distributionDistances, type Distances, type DistributionCase } from '../distribution-case';
import { Random } from '../serving/random';
import { openTestDatabase } from '../test-database';
import { runPython, withoutPython } from './python';

/** A reference and three samples: with ties, NULLs, infinities, constants, one sample far away. */
function randomCase(random: Random): DistributionCase {
  const kind = random.chance(0.7) ? 'real' : 'category';
  const nulls = random.pick([0, 0.1, 0.5]);
  const grid = random.pick([1, 4, 1e9]);
  const constant = random.chance(0.15);
  const value = (shift: number): number | string | null => {
    if (random.chance(nulls)) return null;
    if (kind === 'category') return `c${Math.floor(random.next() ** 2 * 12) + shift}`;
    if (random.chance(0.02)) return random.pick([Infinity, -Infinity, -0]);
    return constant && random.chance(0.9) ? 7 : Math.round((random.next() ** 3 + shift / 10) * grid) / grid;
  };
  const side = (shift: number): DistributionCase['reference'] =>
    Array.from({ length: 1 + random.int(80) }, () => value(shift));
  return { kind, reference: side(0), samples: [side(0), side(random.int(3)), side(20)] };
}

describe.skipIf(withoutPython)('distances of distributions against numpy and scipy', () => {
  let db: Database;
  let folder: string;
  beforeAll(async () => {
    db = await openTestDatabase();
    folder = await mkdtemp(join(tmpdir(), 'plumbline-distribution-'));
  });
  afterAll(async () => {
    await db.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('are the same for 900 random samples of 300 references', async () => {
    const random = new Random(20261130);
    const cases = Array.from({ length: 300 }, () => randomCase(random));
    const file = join(folder, 'cases.json');
    const texts = (values: DistributionCase['reference']): (string | null)[] =>
      values.map((value) => (value === null ? null : String(value)));
    const asked = cases.map(({ kind, reference, samples }) => ({
      numeric: kind === 'real',
      reference: texts(reference),
      samples: samples.map(texts),
    }));
    await writeFile(file, JSON.stringify(asked).replaceAll('Infinity', 'inf'));
    const expected = (await runPython('distribution.py', file)) as Distances[][];
    const apart: string[] = [];
    const counts = { psi: 0, js: 0, ks: 0 };
    for (const [index, one] of cases.entries()) {
      const found = await distributionDistances(db, one);
      for (const [sample, theirs] of expected[index]!.entries())
        for (const name of ['psi', 'js', 'ks'] as const) {
          const [own, other] = [found[sample]![name], theirs[name]];
          if (other !== null) counts[name]++;
          const same = own === null || other === null ? own === other : Math.abs(own - other) < 1e-9;
          if (!same) apart.push(`case ${index}, sample ${sample}: ${name} is ${own}, not ${other}`);
        }
    }
    expect(apart).toEqual([]);
    expect(counts.psi).toBe(900);
    expect(Math.min(counts.js, counts.ks)).toBeGreaterThan(150);
  });
});
