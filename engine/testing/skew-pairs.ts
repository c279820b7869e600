import type { Database } from '../database/database';
import { queryRows } from '../database/rows';
import { Random } from './serving/random';
import { compareCase, SKEW_CHECK, storeSkewCase } from './skew-case';
import {
  findingText,
  mutatedPairs,
  pairAt,
  randomTerms,
  type Mutation,
  type MutatedPairs,
  type PairTerms,
} from './skew-mutations';

/** How a comparison did over pairs of which it is known what differs. */
export interface PairTally {
  mutated: number;
  clean: number;
  /** Differences that were there and found; found and not there; there and not found. */
  right: number;
  wrong: number;
  missed: number;
  /** Clean pairs of which anything was found. */
  alarms: number;
  counts: Map<Mutation, number>;
  /** The first wrong or missed findings, in words. */
  problems: string[];
}

export function newPairTally(): PairTally {
  return {
    ...{ mutated: 0, clean: 0, right: 0, wrong: 0, missed: 0, alarms: 0 },
    counts: new Map(),
    problems: [],
  };
}

/** Compares clean and mutated pairs of data sets in one comparison, and adds up how it did. */
export async function comparePairs(
  db: Database,
  seed: number,
  wanted: { clean: number; mutated: number },
  tally: PairTally,
): Promise<void> {
  const random = new Random(seed);
  const terms = randomTerms(random);
  const pairs = mutatedPairs(random, terms, wanted);
  const found = await findings(db, pairs, terms);
  for (const [index, expected] of pairs.expected.entries()) {
    const [missed, wrong] = [without(expected, found[index]!), without(found[index]!, expected)];
    tally.right += expected.length - missed.length;
    tally.missed += missed.length;
    tally.wrong += wrong.length;
    if (expected.length > 0) tally.mutated++;
    else tally.clean++;
    if (expected.length === 0 && wrong.length > 0) tally.alarms++;
    const said = [...missed.map((one) => `missed ${one}`), ...wrong.map((one) => `wrong ${one}`)];
    if (said.length > 0 && tally.problems.length < 20)
      tally.problems.push(`seed ${seed}, pair ${index}: ${said.join('; ')}; ${JSON.stringify(terms)}`);
  }
  for (const [mutation, count] of pairs.counts)
    tally.counts.set(mutation, (tally.counts.get(mutation) ?? 0) + count);
}

const LIMITS = { mismatchRate: 0, psi: null, nullRate: null, unmatchedRate: 0 };

/** The findings of one comparison by pair, sorted. */
async function findings(
  db: Database,
  { given, expected }: MutatedPairs,
  terms: PairTerms,
): Promise<string[][]> {
  const catalog = await storeSkewCase(db, given);
  const check = { ...SKEW_CHECK, tolerance: terms.tolerance, within: BigInt(terms.within), limits: LIMITS };
  const { result } = await compareCase(db, catalog, check);
  const rows = await queryRows(
    db,
    `SELECT feature AS what, user_id, epoch_us(ts) AS us FROM "_plumb"."skew_check"
    UNION ALL SELECT __side, user_id, epoch_us(__time) FROM "_plumb"."skew_pairs_check" WHERE __side <> 'both'`,
  );
  const counted = result.features.reduce((sum, one) => sum + one.mismatches, result.unmatched);
  if (counted !== rows.length) throw new Error(`The result counts ${counted} findings of ${rows.length}.`);
  const said = [...result.failed, ...result.warnings];
  if (said.length > 0 !== expected.some((one) => one.length > 0))
    throw new Error(`The result says: ${said.join(' ')}`);
  const found: string[][] = expected.map(() => []);
  for (const { what, user_id: user, us } of rows)
    found[pairAt(Number(us))]!.push(
      findingText(String(what), user === null ? null : Number(user), Number(us)),
    );
  return found.map((some) => some.sort());
}

/** What `some` holds more often than `others`. */
function without(some: readonly string[], others: readonly string[]): string[] {
  const rest = [...others];
  return some.filter((one) => {
    const at = rest.indexOf(one);
    if (at >= 0) rest.splice(at, 1);
    return at < 0;
  });
}

/** One line of a tally. */
export function pairTallyText({ mutated, clean, right, wrong, missed, alarms }: PairTally): string {
  const share = (of: number): string => (right / Math.max(1, of)).toFixed(6);
  return (
    `${mutated} mutated pairs with ${right + missed} differences: precision ${share(right + wrong)}, ` +
    `recall ${share(right + missed)}; ${clean} clean pairs: ${alarms} alarms`
  );
}
