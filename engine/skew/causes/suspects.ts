import type { CausePart } from './attribution';
import type { Judged, Suspect } from './belief';
import { partId } from './cause-part';
import { IS_RIGHT } from './judge';
import { explains, type PanelRow } from './panel';
import type { Hypothesis } from './reading';

/** Each hypothesis with parts as a suspect; of two parts, with those that are also there alone. */
export function suspectsOf(hypotheses: readonly Hypothesis[]): Suspect[] {
  const single = new Map(
    hypotheses.flatMap(({ parts }, at) => (parts.length === 1 ? [[partId(parts[0]!), at] as const] : [])),
  );
  return hypotheses.flatMap(({ parts }, at) => {
    if (parts.length === 0) return [];
    const alone = parts.flatMap((part) => single.get(partId(part)) ?? []);
    return [{ parts, either: false, guesses: [at], alone: parts.length === 1 ? [] : alone }];
  });
}

/** Causes of which each row has one or the other: the best single ones, two by two. */
export function unions(judged: readonly Judged[]): Suspect[] {
  const best = judged
    .filter(({ alone, tally }) => alone.length === 0 && explains(tally) >= 0.03)
    .sort((a, b) => explains(b.tally) - explains(a.tally))
    .slice(0, MOST);
  return best.flatMap((one, at) =>
    best.slice(at + 1).flatMap((other) =>
      areApart(one.parts[0]!, other.parts[0]!)
        ? [
            {
              parts: [...one.parts, ...other.parts],
              either: true,
              guesses: [...one.guesses, ...other.guesses],
              alone: [...one.guesses, ...other.guesses],
            },
          ]
        : [],
    ),
  );
}

/**
 * Two of a kind, one on either side of a truth that is not in the list, would do for it together. Zones an hour apart are a summer
 * and a winter.
 */
function areApart(one: CausePart, other: CausePart): boolean {
  if (one.kind !== other.kind) return true;
  if (one.kind !== 'zone' || other.kind !== 'zone') return false;
  return Number.isInteger(one.hours) && Math.abs(one.hours - other.hours) === 1;
}

const MOST = 24;

/** Suspects that give right values in the same rows, together; in the order given. */
export function alike<T extends Suspect>(rows: readonly PanelRow[], suspects: readonly T[]): T[][] {
  const groups = new Map<string, T[]>();
  for (const suspect of suspects) {
    const key = rows
      .map(({ codes }) => (suspect.guesses.some((at) => parseInt(codes[at]!, 16) & IS_RIGHT) ? '1' : '0'))
      .join('');
    const group = groups.get(key);
    if (group) group.push(suspect);
    else groups.set(key, [suspect]);
  }
  return [...groups.values()];
}
