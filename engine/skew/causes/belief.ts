import type { CausePart } from './attribution';
import { contest, explains, kappa, keeps, type PanelRow, precision, type Tally, tally } from './panel';

/** One or two hypotheses that are held against the rows. */
export interface Suspect {
  parts: CausePart[];
  either: boolean;
  /** Places in the panel's codes: one, or two where `either`. */
  guesses: number[];
  /** Places of its parts alone; empty for a single cause. */
  alone: number[];
  /** Whether its neighbour in the list gives what it does not: then the truth lies between them, and is not in the list. */
  between: boolean;
}

export interface Judged extends Suspect {
  tally: Tally;
  /** Of the sample: see `kappa`. */
  kappa: number;
  believed: boolean;
  score: number;
}

/** From here on a single cause needs no second one. */
const ENOUGH = 0.95;

/** Rows that speak for a cause, at least, where there are so many. */
const FEW = 5;
/** Mismatching rows from which on two causes can be told from one by the row: there are hundreds of such pairs. */
const MANY = 40;

/**
 * Holds a suspect against the rows. It is believed when it gives right values where it changes anything at all, and does so
 * beyond chance; of two causes each must be needed. `before`: what a sample of rows one by one said of chance, where
 * `rows` are counted together.
 */
export function judge(rows: readonly PanelRow[], suspect: Suspect, before?: Judged): Judged {
  const counted = tally(rows, suspect.guesses);
  const sum = before ? { ...counted, support: before.tally.support, seen: before.tally.seen } : counted;
  const beyond = before?.kappa ?? kappa(sum);
  return {
    ...suspect,
    tally: sum,
    kappa: beyond,
    believed: isBelieved(rows, suspect, sum, beyond),
    score: scoreOf(suspect, sum),
  };
}

function isBelieved(rows: readonly PanelRow[], suspect: Suspect, sum: Tally, beyond: number): boolean {
  const share = explains(sum);
  const exact = precision(sum);
  if (suspect.between || sum.support < Math.min(FEW, sum.seen)) return false;
  if (share < 0.9 && strays(sum) > 0.5) return false;
  // A change of the finished value follows from the left value: chance says nothing of it.
  const plain = suspect.parts.every(({ kind }) => kind === 'default' || kind === 'cast');
  const by = (least: number): boolean => plain || beyond >= least;
  if (suspect.either)
    return sum.seen >= MANY && share >= ENOUGH && exact >= 0.8 && by(0.7) && isNeeded(rows, suspect, sum);
  if (suspect.alone.length > 0)
    return share >= 0.5 && exact >= 0.8 && by(0.15) && isNeeded(rows, suspect, sum);
  return (share >= 0.3 && exact >= 0.8 && by(0.15)) || (share >= 0.9 && by(0.5));
}

/** Of the rows that it leaves as they are the share that differ all the same: something else goes on, which may be all. */
function strays({ mismatching, explained, wrong, kept }: Tally): number {
  const left = mismatching - explained - wrong;
  return left <= 0 ? 0 : left / (left + kept);
}

/** Whether two causes give right values where one of them alone does not, and seldom the other way round. */
function isNeeded(rows: readonly PanelRow[], suspect: Suspect, sum: Tally): boolean {
  return suspect.alone.every((one) => {
    const { won, lost } = contest(rows, suspect.guesses, [one]);
    return won >= Math.max(FEW, 0.02 * sum.mismatching) && won >= 4 * lost;
  });
}

/** Rows that it sets right less rows that it sets wrong, as a share of the mismatching ones; two causes cost a little. */
function scoreOf({ either, alone }: Suspect, sum: Tally): number {
  const cost = either ? 0.02 : alone.length > 0 ? 0.01 : 0;
  return sum.mismatching === 0 ? 0 : (sum.explained - sum.broken) / sum.mismatching - cost;
}

/** Best first; equals keep their order, which is that of plausibility. */
export function ranked(judged: readonly Judged[]): Judged[] {
  return [...judged].sort(
    (a, b) =>
      Number(b.believed) - Number(a.believed) ||
      (a.believed
        ? b.score - a.score
        : explains(b.tally) - explains(a.tally) || (keeps(b.tally) ?? 0) - (keeps(a.tally) ?? 0)) ||
      a.alone.length - b.alone.length,
  );
}

/** Whether a cause is believed and leaves next to nothing unexplained. */
export function isEnough(best: Judged | undefined): boolean {
  return best !== undefined && best.believed && explains(best.tally) >= ENOUGH;
}
