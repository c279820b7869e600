import { parseDuration } from '../../catalog/duration';
import { HOUR } from '../../catalog/window';
import type { CausePart } from './attribution';
import type { Judged, Suspect } from './belief';
import { partId } from './cause-part';
import { IS_OTHER, isRight } from './judge';
import type { SampleRow } from './laboratory';
import { explains, type PanelRow } from './panel';
import type { Hypothesis } from './reading';

/** Each hypothesis with parts as a suspect; of two parts, with those that are also there alone. */
export function suspectsOf(panel: readonly PanelRow[], hypotheses: readonly Hypothesis[]): Suspect[] {
  const beside = neighbours(hypotheses);
  const single = new Map(
    hypotheses.flatMap(({ parts }, at) => (parts.length === 1 ? [[partId(parts[0]!), at] as const] : [])),
  );
  return hypotheses.flatMap(({ parts }, at) => {
    if (parts.length === 0) return [];
    const alone = parts.flatMap((part) => single.get(partId(part)) ?? []);
    const between = (beside.get(at) ?? []).some((other) => givesTheRest(panel, at, other));
    return [{ parts, either: false, guesses: [at], alone: parts.length === 1 ? [] : alone, between }];
  });
}

/** Of single causes that are a matter of how much, the next smaller and the next greater one; of zones all within an hour. */
function neighbours(hypotheses: readonly Hypothesis[]): Map<number, number[]> {
  const found = new Map<number, number[]>();
  for (const kind of ['zone', 'days', 'length', 'stale'] as const) {
    const isZone = kind === 'zone' || kind === 'days';
    const row = hypotheses
      .flatMap(({ parts }, at) => {
        const [only, other] = parts;
        return only?.kind === kind && other === undefined ? [{ at, much: amount(only) }] : [];
      })
      .sort((a, b) => a.much - b.much);
    row.forEach(({ at, much }, place) => {
      const isBeside = (one: { much: number }, other: number): boolean =>
        Math.abs(other - place) === 1 || (isZone && Math.abs(one.much - much) <= 1);
      const around = row.filter((one, other) => other !== place && isBeside(one, other));
      found.set(
        at,
        around.map((one) => one.at),
      );
    });
  }
  return found;
}

function amount(part: CausePart): number {
  switch (part.kind) {
    case 'zone':
    case 'days':
      return part.hours;
    case 'length': {
      const [of, over = '1'] = part.times.split('/');
      return Number(of) / Number(over);
    }
    case 'stale':
      return Number(parseDuration(part.by));
    default:
      return 0;
  }
}

/**
 * Whether `other` gives many of the differing rows that `one` does not, far more than it would of values at random: a service that
 * is wrong at random does not choose the neighbour.
 */
function givesTheRest(panel: readonly PanelRow[], one: number, other: number): boolean {
  const count = { missed: 0, won: 0, right: 0, departs: 0, chance: 0 };
  for (const { differs, codes } of panel) {
    if (!differs) continue;
    const isGiven = isRight(codes, other);
    if (parseInt(codes[other]!, 16) & IS_OTHER) count.chance++;
    if (isRight(codes, one)) {
      count.right++;
      if (!isGiven) count.departs++;
    } else {
      count.missed++;
      if (isGiven) count.won++;
    }
  }
  const { missed, won, right, departs } = count;
  // What explains little is not believed anyway, and is no side of anything.
  if (won < 5 || right < missed) return false;
  const chance = count.chance / (right + missed);
  // Of two values a wrong one is the other one, which the neighbour has wherever it departs.
  const expected = chance < 0.4 ? chance : Math.max(chance, departs / right);
  const spread = Math.sqrt(Math.max(0.01, expected * (1 - expected)) / missed);
  return won / missed >= Math.max(0.4, expected + 3 * spread);
}

/** Causes of which each row has one or the other: the best single ones, two by two. */
export function unions(panel: readonly SampleRow[], judged: readonly Judged[]): Suspect[] {
  const best = judged
    .filter(({ alone, tally }) => alone.length === 0 && explains(tally) >= 0.03)
    .sort((a, b) => explains(b.tally) - explains(a.tally))
    .slice(0, MOST);
  return best.flatMap((one, at) =>
    best.slice(at + 1).flatMap((other) =>
      areApart(panel, one, other)
        ? [
            {
              parts: [...one.parts, ...other.parts],
              either: true,
              guesses: [...one.guesses, ...other.guesses],
              alone: [...one.guesses, ...other.guesses],
              between: false,
            },
          ]
        : [],
    ),
  );
}

/**
 * Two of a kind, one on either side of a truth that is not in the list, would do for it together. Zones an hour apart are a summer
 * and a winter, if each has its own stretch of time. A copy an hour old is as good as a zone.
 */
function areApart(panel: readonly SampleRow[], { parts, guesses }: Judged, other: Judged): boolean {
  const [mine, theirs] = [parts[0]!, other.parts[0]!];
  const [by, otherBy] = [hoursOf(mine), hoursOf(theirs)];
  const far = by === null || otherBy === null || Math.abs(by - otherBy) > 1;
  if (far) return mine.kind !== theirs.kind;
  return (
    Number.isInteger(by) && Math.abs(by - otherBy) === 1 && areSeasons(panel, guesses[0]!, other.guesses[0]!)
  );
}

function hoursOf(part: CausePart): number | null {
  if (part.kind === 'zone') return part.hours;
  return part.kind === 'stale' ? amount(part) / Number(HOUR) : null;
}

/** Whether the rows that one gives alone and those that the other gives alone seldom take turns along time. */
function areSeasons(panel: readonly SampleRow[], one: number, other: number): boolean {
  const sides = panel
    .filter(({ differs, codes }) => differs && isRight(codes, one) !== isRight(codes, other))
    .sort((a, b) => (a.t < b.t ? -1 : 1))
    .map(({ codes }) => isRight(codes, one));
  const own = sides.filter(Boolean).length;
  const turns = sides.filter((side, at) => at > 0 && side !== sides[at - 1]).length;
  return turns <= 0.5 * Math.min(own, sides.length - own);
}

const MOST = 40;

/** Suspects that give right values in the same rows, together; in the order given. */
export function alike<T extends Suspect>(rows: readonly PanelRow[], suspects: readonly T[]): T[][] {
  const groups = new Map<string, T[]>();
  for (const suspect of suspects) {
    const key = rows
      .map(({ codes }) => (suspect.guesses.some((at) => isRight(codes, at)) ? '1' : '0'))
      .join('');
    const group = groups.get(key);
    if (group) group.push(suspect);
    else groups.set(key, [suspect]);
  }
  return [...groups.values()];
}
