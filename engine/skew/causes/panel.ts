import { IS_LEFT, IS_OTHER, IS_RIGHT, IS_TWIN } from './judge';

/** A row of the sample, or as many rows as are alike, and how each guess does in it. */
export interface PanelRow {
  differs: boolean;
  /** How many of all rows it stands for. */
  weight: number;
  /** Whether another row has the same left value. */
  hasTwin: boolean;
  /** A hexadecimal digit per guess: see `codesSql`. */
  codes: string;
}

/** What a guess comes to over a panel; weights of rows. */
export interface Tally {
  /** Mismatching rows whose right value it gives. */
  explained: number;
  mismatching: number;
  /** Mismatching rows where it gives neither side's value. */
  wrong: number;
  /** Agreeing rows that stay equal, and those that do not. */
  kept: number;
  broken: number;
  /** Rows of the panel that it explains, unweighted. */
  support: number;
  /** Mismatching rows, unweighted, and those where it gives another row's right value. */
  seen: number;
  chance: number;
  /** Rows that have a twin, unweighted; those whose own right value it gives, and those whose twin's. */
  twins: number;
  ownOfTwins: number;
  otherOfTwins: number;
}

/** One guess, or per row the one of several that is right: `either`. */
export function tally(rows: readonly PanelRow[], guesses: readonly number[]): Tally {
  const sum: Tally = {
    explained: 0,
    mismatching: 0,
    wrong: 0,
    kept: 0,
    broken: 0,
    support: 0,
    seen: 0,
    chance: 0,
    twins: 0,
    ownOfTwins: 0,
    otherOfTwins: 0,
  };
  for (const { differs, weight, hasTwin, codes } of rows) {
    let bits = 0;
    for (const guess of guesses) bits |= parseInt(codes[guess]!, 16);
    const right = (bits & IS_RIGHT) !== 0;
    if (differs) {
      sum.mismatching += weight;
      sum.seen++;
      if (right) {
        sum.explained += weight;
        sum.support++;
      } else if ((bits & IS_LEFT) === 0) sum.wrong += weight;
      if (bits & IS_OTHER) sum.chance++;
    } else if (right) sum.kept += weight;
    else sum.broken += weight;
    if (!hasTwin) continue;
    sum.twins++;
    if (right) sum.ownOfTwins++;
    if (bits & IS_TWIN) sum.otherOfTwins++;
  }
  return sum;
}

export function explains({ explained, mismatching }: Tally): number {
  return mismatching === 0 ? 0 : explained / mismatching;
}

/** Of the rows that it changes, the share where it gives the right value. */
export function precision({ explained, wrong, broken }: Tally): number {
  return explained === 0 ? 0 : explained / (explained + wrong + broken);
}

/** Share of the agreeing rows that stay equal; null where there is none. */
export function keeps({ kept, broken }: Tally): number | null {
  return kept + broken === 0 ? null : kept / (kept + broken);
}

/**
 * Cohen's kappa: how much more often than by chance the right value is given, 1 = always. Chance is how often the guess for a row
 * gives another row's right value; the greater of two such, over mismatching rows and over rows of the same left value.
 * A guess that chance explains as well has 0.
 */
export function kappa(sum: Tally): number {
  const over = (hits: number, chance: number, of: number): number =>
    of === 0 || chance === of ? 0 : (hits - chance) / (of - chance);
  return Math.max(over(sum.support, sum.chance, sum.seen), over(sum.ownOfTwins, sum.otherOfTwins, sum.twins));
}

/** Rows that the first gets right and the second does not, and the reverse; weights. */
export function contest(
  rows: readonly PanelRow[],
  first: readonly number[],
  second: readonly number[],
): { won: number; lost: number } {
  const result = { won: 0, lost: 0 };
  const isRight = (codes: string, guesses: readonly number[]): boolean =>
    guesses.some((guess) => (parseInt(codes[guess]!, 16) & IS_RIGHT) !== 0);
  for (const { codes, weight } of rows) {
    const [one, other] = [isRight(codes, first), isRight(codes, second)];
    if (one && !other) result.won += weight;
    else if (other && !one) result.lost += weight;
  }
  return result;
}
