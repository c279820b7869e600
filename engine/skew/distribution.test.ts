import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../database/database';
import { distributionDistances } from '../testing/distribution-case';
import { openTestDatabase } from '../testing/test-database';

let db: Database;
beforeAll(async () => {
  db = await openTestDatabase();
});
afterAll(() => db.close());

const many = (counts: Record<string, number>): string[] =>
  Object.entries(counts).flatMap(([value, count]) => Array<string>(count).fill(value));

/** The distances of one sample from the reference. */
async function apart(reference: (number | string | null)[], sample: (number | string | null)[]) {
  const kind = typeof (reference[0] ?? sample[0]) === 'number' ? 'real' : 'category';
  const [found] = await distributionDistances(db, { kind, reference, samples: [sample] });
  return found!;
}

describe('published examples', () => {
  it('of PSI: the test of the package strappy 0.0.3 (tests/test_psi.py, column x)', async () => {
    const { psi } = await apart(many({ a: 6, b: 5 }), many({ a: 5, b: 4 }));
    expect(psi!.toFixed(5)).toBe('0.00041');
  });

  it('of PSI as the sum of both relative entropies: the coins of the reference of scipy.stats.entropy', async () => {
    // There: D(fair, biased) = 0.5108256237659907 nats, H(biased) = 0.46899559358928117 bits; D(biased, fair) is 1 bit - H(biased).
    const nats = 0.5108256237659907 + (1 - 0.46899559358928117) * Math.LN2;
    const { psi } = await apart(many({ heads: 5, tails: 5 }), many({ heads: 9, tails: 1 }));
    expect(psi).toBeCloseTo(nats, 12);
  });

  it('of Jensen-Shannon: the reference of scipy.spatial.distance.jensenshannon', async () => {
    // The square root of the divergence in nats, and 1 in bits.
    const half = await apart(many({ a: 2 }), many({ a: 1, b: 1 }));
    expect(half.js).toBeCloseTo(0.46450140402245893 ** 2 / Math.LN2, 12);
    expect((await apart(['a'], ['b'])).js).toBeCloseTo(1, 12);
    expect((await apart(['a'], ['a'])).js).toBe(0);
  });

  it('of the KS distance: the reference of rv::misc::ks_two_sample (0.10.0)', async () => {
    const xs = [0.95692026, 1.1348812, -0.76579239, -0.58065653, -0.05122393];
    const more = [0.71598754, 1.39873528, 0.42790527, 1.84580764, 0.64228521];
    const ys = [0.6948678, -0.3741825, 0.36657279, 1.15834174, -0.32421706];
    const others = [-0.38499295, 1.44976991, 0.2504608, -0.53694774, 1.42221993];
    const { ks } = await apart([...xs, ...more], [...ys, ...others]);
    expect(ks).toBeCloseTo(0.3, 12);
  });
});

describe('worked by hand', () => {
  it('an empty bin counts as the least share', async () => {
    const { psi, js } = await apart(['a', 'a', 'a', 'b'], ['a', 'a', 'a', 'a']);
    const expected = (1 - 0.75) * Math.log(1 / 0.75) + (0.0001 - 0.25) * Math.log(0.0001 / 0.25);
    expect(psi).toBeCloseTo(expected, 12);
    expect(js).toBeCloseTo(0.75 * Math.log2(0.75 / 0.875) * 0.5 + 0.125 + 0.5 * Math.log2(1 / 0.875), 12);
  });

  it('a constant has a bin of its own, between those below and above', async () => {
    const { psi, ks } = await apart([5, 5, 5, 5], [4, 5, 5, 6]);
    const side = (0.25 - 0.0001) * Math.log(0.25 / 0.0001);
    expect(psi).toBeCloseTo(2 * side + (0.5 - 1) * Math.log(0.5), 12);
    expect(ks).toBe(0.25);
  });

  it('NULL is a bin of PSI and no value of KS', async () => {
    const { psi, ks } = await apart([1, 2, null, null], [1, 2, 1, 2]);
    expect(psi).toBeGreaterThan(1);
    expect(ks).toBe(0);
  });

  it('no value on one side has no KS distance, and no row of the reference no PSI', async () => {
    expect(await apart([1, 2], [null])).toMatchObject({ ks: null });
    expect(await apart([null], [1, 2])).toMatchObject({ ks: null });
    expect(await apart([], [1, 2])).toEqual({ psi: null, js: null, ks: null });
    expect(await apart([], ['a'])).toEqual({ psi: null, js: null, ks: null });
  });
});
