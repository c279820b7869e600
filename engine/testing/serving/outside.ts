import { differ } from './log';
import { answers } from './attribution-case';
import type { ServedFeature } from './features';
import { Random } from './random';
import type { Served, Service } from './service';
import type { ServedWorld } from './world';

/** What no hypothesis says; `near`: one that a hypothesis comes near. */
export const OUTSIDE = ['other entity', 'times 1.1', 'no where', 'shuffled', 'random', 'plus one'] as const;
export const NEAR = ['window x3', 'stale 3d', 'zone +5.25h'] as const;
export type Outside = (typeof OUTSIDE)[number] | (typeof NEAR)[number];

/** What a service answers that is wrong in a way outside the list; null where the feature cannot be so. */
export function outsideAnswers(
  service: Service,
  world: ServedWorld,
  feature: ServedFeature,
  cause: Outside,
  seed: number,
): Served[] | null {
  const random = new Random(seed);
  const left = answers(service, world, feature, {});
  const isNumber = left.some((value) => typeof value === 'number');
  const users = Math.max(...world.requests.map(({ user }) => user));
  switch (cause) {
    case 'other entity': {
      const others = {
        ...world,
        requests: world.requests.map((one) => ({ ...one, user: (one.user % users) + 1 })),
      };
      return answers(service, others, feature, {});
    }
    case 'times 1.1':
      return feature.type === 'float64'
        ? left.map((value) => (typeof value === 'number' ? value * 1.1 : value))
        : null;
    case 'no where':
      return feature.window?.where
        ? answers(service, world, { ...feature, window: { ...feature.window, where: undefined } }, {})
        : null;
    case 'shuffled':
      return left.map(() => random.pick(left));
    case 'random':
      return left.map((value) => (random.chance(0.2) ? random.pick(left) : value));
    case 'plus one':
      return isNumber ? left.map((value) => (typeof value === 'number' ? value + 1 : value)) : null;
    case 'window x3':
      return feature.window ? answers(service, world, feature, { length: 3 }) : null;
    case 'stale 3d':
      return answers(service, world, feature, { back: 3 * 86_400_000_000 });
    case 'zone +5.25h':
      return answers(service, world, feature, { zone: 5.25 * 3_600_000_000 });
  }
}

export function mismatching(left: readonly Served[], right: readonly Served[]): number {
  return left.filter((value, row) => differ(value, right[row]!)).length;
}
