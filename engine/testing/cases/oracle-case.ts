import fc from 'fast-check';
import type { ScalarType } from '../../catalog/model';
import type { OracleEvent, OracleSpineRow, OracleView } from '../oracle/definition';
import {
  available,
  availableAt,
  instantOf,
  midnight,
  moment,
  when,
  type Available,
  type When,
} from './instants';
import { withoutOverlaps } from './intervals';
import { keyPlace, keysAt, keyTypes } from './keys';
import { payload } from './payload';
import { someViews } from './views';

/** Random rows, a spine and views of each kind over them. */
export interface OracleCase {
  keyTypes: ScalarType[];
  events: OracleEvent[];
  spine: OracleSpineRow[];
  views: OracleView[];
  /** When snapshots are taken, microseconds: at a spine row's or an event's time, or a microsecond beside. */
  end: bigint;
}

/** An event before its instants are worked out. */
interface Draft {
  places: (number | null)[];
  when: When;
  until: When;
  made: bigint | null;
  available: Available;
  payload: OracleEvent['payload'];
}

interface DataSet {
  events: Draft[];
  spine: { places: (number | null)[]; t: bigint | null; r: number | null }[];
  /** Rows given twice. */
  repeated: number;
}

function dataSet(keys: number): fc.Arbitrary<DataSet> {
  const places = fc.array(keyPlace, { minLength: keys, maxLength: keys });
  const draft: fc.Arbitrary<Draft> = fc.record({
    places,
    when,
    until: when,
    made: fc.option(moment, { freq: 4 }),
    available,
    payload,
  });
  return fc.record({
    events: fc.oneof(
      { weight: 12, arbitrary: fc.array(draft, { maxLength: 20 }) },
      { weight: 1, arbitrary: fc.array(draft, { minLength: 60, maxLength: 80 }) },
    ),
    spine: fc.array(
      fc.record({ places, t: fc.option(moment, { freq: 9 }), r: fc.constantFrom(null, 0.5, -2) }),
      { maxLength: 10 },
    ),
    repeated: fc.nat({ max: 3 }),
  });
}

/**
 * Cases biased to edges: equal instants, exact window edges, NULLs, duplicates, empty tables, one hot entity. `sets`
 * data sets share one build: their entities differ, so that each is a test of its own.
 */
export function oracleCase(
  sets: number,
  views: fc.Arbitrary<OracleView[]> = someViews,
): fc.Arbitrary<OracleCase> {
  return keyTypes.chain((types) =>
    fc
      .record({
        data: fc.array(dataSet(types.length), { minLength: sets, maxLength: sets }),
        base: midnight,
        views,
        pick: fc.nat(),
      })
      .map(({ data, base, views: all, pick }) => {
        const parts = data.map((one, place) => settled(one, types, place, base, all));
        const events = parts.flatMap((part) => part.events).map((event, order) => ({ ...event, order }));
        const spine = parts.flatMap((part) => part.spine);
        const times = [...spine.map(({ t }) => t), ...events.map(({ at }) => at)];
        const end = snapshotInstant(pick, times) ?? base;
        return { keyTypes: types, events: withoutOverlaps(events), spine, views: all, end };
      }),
  );
}

/** A data set with its instants and its own entities. */
function settled(
  set: DataSet,
  types: readonly ScalarType[],
  place: number,
  base: bigint,
  views: readonly OracleView[],
): { events: Omit<OracleEvent, 'order'>[]; spine: OracleSpineRow[] } {
  const spine = set.spine.map((row) => ({
    keys: keysAt(types, row.places, place),
    t: row.t === null ? null : base + row.t,
    r: row.r,
  }));
  const times = spine.flatMap(({ t }) => (t === null ? [] : [t]));
  const events = set.events.map((draft) => {
    const at = instantOf(draft.when, base, times, views);
    return {
      keys: keysAt(types, draft.places, place),
      at,
      made: draft.made === null ? null : base + draft.made,
      available: availableAt(draft.available, at, times),
      until: instantOf(draft.until, base, times, views),
      payload: draft.payload,
    };
  });
  return { events: twice(events, set.repeated), spine: twice(spine, set.repeated) };
}

function twice<T>(rows: readonly T[], repeated: number): T[] {
  return [...rows, ...rows.slice(0, repeated)];
}

function snapshotInstant(pick: number, times: readonly (bigint | null)[]): bigint | undefined {
  const instants = times.flatMap((at) => (at === null ? [] : [at - 1n, at, at + 1n]));
  return instants[pick % Math.max(1, instants.length)];
}
