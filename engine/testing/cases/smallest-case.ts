import type { OracleEvent, OracleView } from '../oracle/definition';
import { identity, type OracleValue } from '../oracle/value';
import type { OracleCase } from './oracle-case';

/**
 * A small case that still fails: views, features, spine rows and events that are not needed are gone, then values of
 * the payload. Works on the case itself, in ever smaller pieces: a shrinker of its ingredients would take hours.
 */
export async function smallestCase(
  one: OracleCase,
  fails: (smaller: OracleCase) => Promise<boolean>,
): Promise<OracleCase> {
  let least = one;
  const shorten = async <T>(
    of: (from: OracleCase) => readonly T[],
    put: (into: OracleCase, list: T[]) => OracleCase,
  ) => {
    for (
      let piece = Math.ceil(of(least).length / 2);
      piece >= 1;
      piece = piece === 1 ? 0 : Math.ceil(piece / 2)
    )
      for (let at = 0; at < of(least).length;) {
        const smaller = put(least, [...of(least).slice(0, at), ...of(least).slice(at + piece)]);
        if (isWhole(smaller) && (await fails(smaller))) least = smaller;
        else at += piece;
      }
  };
  await shorten<OracleView>(
    ({ views }) => views,
    (into, views) => ({ ...into, views }),
  );
  for (const { name } of least.views)
    await shorten(
      ({ views }) => views.find((view) => view.name === name)?.features ?? [],
      (into, features) => ({
        ...into,
        views: into.views.map((view) => (view.name === name ? { ...view, features } : view)),
      }),
    );
  await shorten(entities, (into, kept) => ({
    ...into,
    events: into.events.filter(({ keys }) => kept.includes(entityOf(keys))),
    spine: into.spine.filter(({ keys }) => kept.includes(entityOf(keys))),
  }));
  await shorten(
    ({ spine }) => spine,
    (into, spine) => ({ ...into, spine }),
  );
  await shorten<OracleEvent>(
    ({ events }) => events,
    (into, events) => ({ ...into, events }),
  );
  for (const column of Object.keys(least.events[0]?.payload ?? {})) {
    const events = least.events.map((event) => ({ ...event, payload: { ...event.payload, [column]: null } }));
    if (await fails({ ...least, events })) least = { ...least, events };
  }
  return least;
}

function entities({ events, spine }: OracleCase): string[] {
  return [...new Set([...events, ...spine].map(({ keys }) => entityOf(keys)))];
}

const entityOf = (keys: readonly OracleValue[]): string => keys.map(identity).join(' ');

/** Whether there are views, they have features, and every feature that another one names is there. */
function isWhole({ views }: OracleCase): boolean {
  const names = new Set(views.flatMap((view) => view.features.map(({ name }) => `${view.name}_${name}`)));
  return (
    views.length > 0 &&
    views.every(
      (view) =>
        view.features.length > 0 &&
        view.features.every(
          ({ definition, policy }) =>
            (policy.kind !== 'category_mean' || names.has(`${view.name}_${policy.category}`)) &&
            (definition.kind !== 'on_demand' || definition.inputs.every((input) => names.has(input))),
        ),
    )
  );
}
