import fc from 'fast-check';
import type { FeatureType } from '../../catalog/model';
import type {
  Boundary,
  OracleAggregation,
  OracleDefinition,
  OracleFeature,
  OracleFunction,
  OraclePolicy,
  OracleWhere,
  OracleWindow,
} from '../oracle/definition';
import { DAY, HOUR, MINUTE, SECOND } from './instants';
import { PAYLOAD_TYPES, type PayloadColumn } from './payload';

const COLUMNS = Object.keys(PAYLOAD_TYPES) as PayloadColumn[];
const SCALARS = COLUMNS.filter((column) => !PAYLOAD_TYPES[column].endsWith('[]'));
const NUMBERS: PayloadColumn[] = ['i', 'j', 'f', 'g', 'm'];
const WHOLES: PayloadColumn[] = ['i', 'j'];

/** Which columns a function takes, and how often it is drawn. */
const INPUTS: Record<OracleFunction, { weight: number; columns: readonly string[] }> = {
  count: { weight: 3, columns: ['*', '*', ...COLUMNS] },
  count_distinct: { weight: 2, columns: COLUMNS },
  approx_count_distinct: { weight: 1, columns: SCALARS },
  sum: { weight: 4, columns: NUMBERS },
  avg: { weight: 3, columns: NUMBERS },
  min: { weight: 2, columns: SCALARS },
  max: { weight: 2, columns: SCALARS },
  stddev: { weight: 1, columns: ['m', 'j'] },
  variance: { weight: 1, columns: ['m', 'j'] },
  first: { weight: 2, columns: COLUMNS },
  last: { weight: 3, columns: COLUMNS },
  last_n: { weight: 2, columns: SCALARS },
  quantile: { weight: 2, columns: ['m', 'j'] },
  mode: { weight: 2, columns: SCALARS },
  entropy: { weight: 1, columns: SCALARS },
};

const WHERES: readonly OracleWhere[] = [
  'all',
  'all',
  'all',
  'tag_a',
  'tag_unlike_a',
  'i_positive',
  'f_positive',
  'flag',
  'j_known',
  'none',
];

const parameter: Partial<Record<OracleFunction, fc.Arbitrary<number>>> = {
  last_n: fc.constantFrom(1, 2, 3, 10),
  quantile: fc.constantFrom(0, 0.1, 0.25, 1 / 3, 0.5, 0.9, 1),
};

function aggregationOf(functions: readonly OracleFunction[]): fc.Arbitrary<OracleAggregation> {
  return fc.oneof(
    ...functions.map((fn) => ({
      weight: INPUTS[fn].weight,
      arbitrary: fc.record<OracleAggregation>({
        fn: fc.constant(fn),
        of: fc.constantFrom(...INPUTS[fn].columns),
        where: fc.constantFrom(...WHERES),
        ...(parameter[fn] ? { parameter: parameter[fn] } : {}),
      }),
    })),
  );
}

const aggregation = aggregationOf(Object.keys(INPUTS) as OracleFunction[]);
/** Sides of a ratio: numbers. */
const side = aggregationOf(['count', 'count_distinct', 'sum', 'avg']);

const WHOLE_DAYS = [DAY, 2n * DAY, 7n * DAY, 12n * DAY, 30n * DAY];
const LENGTHS = [SECOND, 15n * MINUTE, HOUR, 2n * HOUR, 12n * HOUR, 36n * HOUR, ...WHOLE_DAYS];

/** Half-open and without offset first: so that a counterexample shrinks to it. */
export const anyWindow: fc.Arbitrary<OracleWindow> = fc
  .constantFrom<Boundary>('half-open', 'half-open', 'closed', 'open-closed', 'sawtooth', 'calendar-day')
  .chain((boundary) =>
    fc
      .record({
        length: fc.constantFrom(...(boundary === 'calendar-day' ? WHOLE_DAYS : LENGTHS)),
        offset: fc.constantFrom(0n, 0n, 0n, SECOND, HOUR, 2n * DAY),
        session: fc.constantFrom(null, null, null, 30n * MINUTE, HOUR, HOUR + 1n, 12n * HOUR),
      })
      .map(({ session, ...window }): OracleWindow => ({
        ...window,
        boundary,
        ...(session === null ? {} : { session }),
      })),
  );

/** The type that a feature of an aggregation declares; several fit some. */
function typesOf({ fn, of }: OracleAggregation): FeatureType[] {
  const input = PAYLOAD_TYPES[of as PayloadColumn];
  switch (fn) {
    case 'count':
    case 'count_distinct':
    case 'approx_count_distinct':
      return ['int64', 'int64', 'int32', 'float64', 'float32'];
    case 'sum':
      return (WHOLES as string[]).includes(of) ? ['int64', 'int64', 'float64'] : ['float64'];
    case 'avg':
    case 'stddev':
    case 'variance':
    case 'quantile':
    case 'entropy':
      return ['float64'];
    case 'last_n':
      return [`${input}[]` as FeatureType];
    case 'min':
    case 'max':
    case 'mode':
    case 'first':
    case 'last':
      return input === 'int32' || input === 'float32' ? [input, 'float64'] : [input];
  }
}

/** Policies that suit a type. */
function policyOf(type: FeatureType): fc.Arbitrary<OraclePolicy> {
  const none = { weight: 3, arbitrary: fc.constant<OraclePolicy>({ kind: 'none' }) };
  const constants: Partial<Record<FeatureType, OraclePolicy[]>> = {
    int64: [{ kind: 'zero' }, { kind: 'constant', value: 2n ** 53n + 1n }],
    int32: [{ kind: 'zero' }, { kind: 'constant', value: -1n }],
    float64: [{ kind: 'zero' }, { kind: 'constant', value: 0.1 }],
    float32: [{ kind: 'zero' }, { kind: 'constant', value: 0.5 }],
    string: [{ kind: 'constant', value: "O'Hara 日本" }],
    bool: [{ kind: 'constant', value: false }],
  };
  const fit = constants[type];
  return fit === undefined
    ? none.arbitrary
    : fc.oneof(none, { weight: 2, arbitrary: fc.constantFrom(...fit) });
}

function withType(
  definition: fc.Arbitrary<[OracleDefinition, FeatureType[]]>,
): fc.Arbitrary<Omit<OracleFeature, 'name'>> {
  return definition.chain(([one, types]) =>
    fc
      .constantFrom(...types)
      .chain((type) => policyOf(type).map((policy) => ({ type, definition: one, policy, indicator: false }))),
  );
}

/** A feature over a window of events. */
export const windowFeature = (
  window: fc.Arbitrary<OracleWindow>,
): fc.Arbitrary<Omit<OracleFeature, 'name'>> =>
  fc.oneof(
    {
      weight: 8,
      arbitrary: withType(
        fc
          .tuple(window, aggregation)
          .map(([one, what]) => [{ kind: 'aggregation', window: one, aggregation: what }, typesOf(what)]),
      ),
    },
    {
      weight: 2,
      arbitrary: withType(
        fc
          .tuple(window, side, side)
          .map(([one, of, over]) => [{ kind: 'ratio', window: one, of, over }, ['float64']]),
      ),
    },
    {
      weight: 1,
      arbitrary: withType(
        fc
          .tuple(window, fc.constantFrom('mean_of_all', 'doubled_count', 'span', 'share_of_flags'))
          .map(([one, expression]) => [{ kind: 'expression', window: one, expression }, ['float64']]),
      ),
    },
  );

/** A column of a feature table, as it is or in a wider type. */
export const columnFeature: fc.Arbitrary<Omit<OracleFeature, 'name'>> = withType(
  fc.constantFrom(...COLUMNS).map((column) => {
    const type = PAYLOAD_TYPES[column];
    const wider: Partial<Record<FeatureType, FeatureType[]>> = {
      int32: ['int32', 'int64', 'float64'],
      int64: ['int64', 'float64'],
      float32: ['float32', 'float64'],
    };
    return [{ kind: 'column', column }, wider[type] ?? [type]];
  }),
);
