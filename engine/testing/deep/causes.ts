import { answers, ask, mistakesFor, type Outcome, tryMistakes } from '../serving/attribution-case';
import { servedFeatures, type ServedFeature } from '../serving/features';
import { loadWorld } from '../serving/load';
import { mismatching, NEAR, OUTSIDE, outsideAnswers } from '../serving/outside';
import { Random } from '../serving/random';
import { mistakesOf, type Served, Service } from '../serving/service';
import { makeWorld, type ServedWorld } from '../serving/world';
import { openTestDatabase } from '../test-database';
import type { Database } from '../../database/database';

/** Kinds of cases that are counted apart. */
export const GROUPS = [
  'single',
  'single, 1 % noise',
  'pair',
  'pair, 1 % noise',
  'either of two',
  'outside',
  'near the list',
] as const;
export type Group = (typeof GROUPS)[number];

export interface CauseTally {
  outcomes: Map<Group, Map<Outcome, number>>;
  /** `truth family -> named family`, of wrong and unnamed ones. */
  confusion: Map<string, number>;
  /** What went wrong, in words that make it again. */
  misses: string[];
}

export interface CauseSoak {
  seed: number;
  worlds: number;
  /** Cases in each world of each group, at random; null: every single cause of every feature once. */
  cases: Partial<Record<Group, number>> | null;
  print(line: string): void;
}

/** Serves features with mistakes, in ever new worlds, and counts how often the cause is named. */
export async function soakCauses({ seed, worlds, cases, print }: CauseSoak): Promise<CauseTally> {
  const tally: CauseTally = { outcomes: new Map(), confusion: new Map(), misses: [] };
  for (let at = 0; at < worlds; at++) {
    const db = await openTestDatabase();
    try {
      await oneWorld(db, seed + at, cases, tally);
    } finally {
      await db.close();
    }
    print(`world ${seed + at}: ${ratesText(tally)}`);
  }
  return tally;
}

async function oneWorld(
  db: Database,
  seed: number,
  cases: CauseSoak['cases'],
  tally: CauseTally,
): Promise<void> {
  const random = new Random(seed);
  const world = makeWorld(seed, { users: 30 + random.int(60), requests: random.pick([500, 900, 2_500]) });
  const service = new Service(world);
  await loadWorld(db, world);
  const features = servedFeatures();
  const place = { db, service, world, seed, tally };
  if (cases === null) {
    for (const feature of features)
      for (const id of mistakesFor(feature)) await mistaken(place, 'single', feature, [id]);
    return;
  }
  const pairOf = (feature: ServedFeature): string[] => {
    const pool = [...mistakesFor(feature), ...(feature.window ? ['days:+5h', 'days:-8h'] : [])];
    for (;;) {
      const [one, other] = [random.pick(pool), random.pick(pool)];
      if (goTogether(feature, one, other)) return [one, other];
    }
  };
  const until = async (group: Group, draw: (feature: ServedFeature) => Promise<boolean>): Promise<void> => {
    const wanted = cases[group] ?? 0;
    for (let done = 0, tried = 0; done < wanted && tried < 20 * wanted; tried++)
      if (await draw(random.pick(features))) done++;
  };
  for (const group of ['single', 'single, 1 % noise'] as const)
    await until(group, (feature) => mistaken(place, group, feature, [random.pick(mistakesFor(feature))]));
  for (const group of ['pair', 'pair, 1 % noise', 'either of two'] as const)
    await until(group, (feature) => {
      const ids = pairOf(feature);
      // Local days are no mistake of their own where days are not counted.
      const both = group === 'either of two' && ids.some((id) => id.startsWith('days'));
      return both ? Promise.resolve(false) : mistaken(place, group, feature, ids);
    });
  for (const group of ['outside', 'near the list'] as const)
    await until(group, async (feature) => {
      const cause = random.pick(group === 'outside' ? OUTSIDE : NEAR);
      const right = outsideAnswers(service, world, feature, cause, seed);
      const left = answers(service, world, feature, {});
      if (right === null || mismatching(left, right) < 15) return false;
      const { verdict, remaining } = await ask(db, world, feature, left, right);
      // A listed cause that gives the same values at every request cannot be told from it.
      const same = verdict !== null && gives(place, feature, verdict, right);
      count(tally, group, verdict === null ? 'right' : same ? 'tie' : 'wrong');
      if (verdict !== null && !same)
        miss(
          tally,
          cause,
          verdict,
          `${seed} ${feature.view}:${feature.name} ${cause} -> ${verdict}, remaining ${remaining.toFixed(3)}`,
        );
      return true;
    });
}

function gives({ service, world }: Place, feature: ServedFeature, cause: string, right: Served[]): boolean {
  if (cause.includes(' or ')) return false;
  return mismatching(answers(service, world, feature, mistakesOf(cause.split(' + '))), right) === 0;
}

function goTogether(feature: ServedFeature, one: string, other: string): boolean {
  const [a, b] = [one, other].map((id) => id.split(':')[0]!);
  if (a === b || [one, other].some((id) => /zone.*\.(75|5h)/.test(id) && id !== 'zone:+5.5h')) return false;
  const days = [one, other].find((id) => id.startsWith('days'));
  if (days === undefined) return true;
  const rest = one === days ? other : one;
  if (rest.startsWith('zone')) return false;
  if (rest.startsWith('boundary')) return /sawtooth|calendar/.test(rest);
  return /sawtooth|calendar/.test(feature.window!.boundary);
}

interface Place {
  db: Database;
  service: Service;
  world: ServedWorld;
  seed: number;
  tally: CauseTally;
}

/** False where so few rows have the mistake that nothing is asked. */
async function mistaken(
  { db, service, world, seed, tally }: Place,
  group: Group,
  feature: ServedFeature,
  ids: string[],
): Promise<boolean> {
  const noise = group.includes('noise') ? 0.01 : 0;
  const either = group === 'either of two';
  const { outcome, attribution } = await tryMistakes(db, service, world, feature, ids, {
    noise,
    seed,
    either,
  });
  count(tally, group, outcome);
  if (outcome === 'too few' || outcome === 'flat') return false;
  if (outcome === 'wrong' || outcome === 'unnamed') {
    const truth = ids.join(either ? ' or ' : ' + ');
    const best = attribution!.causes[0];
    const figures = attribution!.causes
      .slice(0, 3)
      .map((one) => `${one.cause} ${one.explains.toFixed(3)}/${one.keeps?.toFixed(3) ?? '-'}`);
    miss(
      tally,
      truth,
      attribution!.verdict ?? 'none',
      `${seed} ${feature.view}:${feature.name} ${group}: ${truth} -> ${outcome} ${best?.cause ?? ''} [${figures.join(', ')}] of ${attribution!.examined.mismatches}`,
    );
  }
  return true;
}

function count(tally: CauseTally, group: Group, outcome: Outcome): void {
  const own = tally.outcomes.get(group) ?? new Map<Outcome, number>();
  tally.outcomes.set(group, own);
  own.set(outcome, (own.get(outcome) ?? 0) + 1);
}

function miss(tally: CauseTally, truth: string, named: string, words: string): void {
  const family = (id: string): string => id.replaceAll(/:[^ ]*/g, '');
  const key = `${family(truth)} -> ${family(named)}`;
  tally.confusion.set(key, (tally.confusion.get(key) ?? 0) + 1);
  tally.misses.push(words);
}

/** Share of the asked cases that were named rightly; outside causes are right when none is named. */
export function rateOf({ outcomes }: CauseTally, group: Group): { right: number; of: number; ties: number } {
  const own = outcomes.get(group) ?? new Map<Outcome, number>();
  const n = (outcome: Outcome): number => own.get(outcome) ?? 0;
  const right = n('right') + n('tie');
  return { right, of: right + n('wrong') + n('unnamed'), ties: n('tie') };
}

export function ratesText(tally: CauseTally): string {
  return GROUPS.flatMap((group) => {
    const { right, of, ties } = rateOf(tally, group);
    return of === 0 ? [] : [`${group} ${right}/${of} (${ties} ties)`];
  }).join(', ');
}

/** What is promised: the right cause first in at least so many cases. */
const PROMISED: [Group, number][] = [
  ['single', 0.99],
  ['single, 1 % noise', 0.99],
  ['pair', 0.95],
  ['pair, 1 % noise', 0.95],
  ['outside', 0.99],
];

/** Whether each group was asked, and did as well as is promised. */
export function meetsRates(tally: CauseTally): boolean {
  return PROMISED.every(([group, least]) => {
    const { right, of } = rateOf(tally, group);
    return of > 0 && right >= least * of;
  });
}

/** Rates, what was not asked, which kinds were taken for which, and each miss so that it can be made again. */
export function causesReport(tally: CauseTally): string {
  const left = GROUPS.flatMap((group) => {
    const own = tally.outcomes.get(group);
    const [few, flat] = [own?.get('too few') ?? 0, own?.get('flat') ?? 0];
    return few + flat === 0 ? [] : [`${group} ${few} too few, ${flat} flat`];
  });
  const confusion = [...tally.confusion]
    .sort(([, a], [, b]) => b - a)
    .map(([what, times]) => `  ${times} x ${what}`);
  return [
    ratesText(tally),
    `not asked: ${left.join('; ')}`,
    'taken for another:',
    ...confusion,
    ...tally.misses.map((words) => `  ${words}`),
  ].join('\n');
}
