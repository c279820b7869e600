import fc from 'fast-check';
import { caseText } from './case-text';
import type { OracleCase } from './oracle-case';
import { smallestCase } from './smallest-case';

export interface CheckedCases {
  /** Cases that were run. */
  runs: number;
  /** null: all held. Else seed, path, what was wrong and the smallest such case, in words. */
  failure: string | null;
}

/** Gives what it found wrong with a case, in words. */
export type CaseCheck = (one: OracleCase) => Promise<readonly string[]>;

/**
 * Runs random cases through a check and stops at the first with a finding, which is made as small as can be. An error
 * that the check throws is a finding too.
 */
export async function checkCases(
  cases: fc.Arbitrary<OracleCase>,
  check: CaseCheck,
  options: { seed: number; runs: number; path?: string },
): Promise<CheckedCases> {
  const { seed, path = '' } = options;
  const property = fc.asyncProperty(cases, async (one) => (await findings(check, one)).length === 0);
  const details = await fc.check(property, { seed, path, numRuns: options.runs, endOnFailure: true });
  const [failed] = details.counterexample ?? [];
  if (!failed) return { runs: details.numRuns, failure: null };
  const least = await smallestCase(failed, async (smaller) => (await findings(check, smaller)).length > 0);
  const where = `seed ${details.seed}, path ${details.counterexamplePath}, after ${details.numRuns} cases`;
  const failure = [where, ...(await findings(check, least)).slice(0, 20), caseText(least)].join('\n');
  return { runs: details.numRuns, failure };
}

/** The same for a test: throws the failure. */
export async function expectCases(...given: Parameters<typeof checkCases>): Promise<void> {
  const { failure } = await checkCases(...given);
  if (failure !== null) throw new Error(failure);
}

async function findings(check: CaseCheck, one: OracleCase): Promise<readonly string[]> {
  try {
    return await check(one);
  } catch (thrown) {
    return [thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown)];
  }
}
