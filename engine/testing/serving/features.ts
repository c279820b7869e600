import type { DefaultPolicy, Feature, FeatureDefinition, FeatureType, Catalog } from '../../catalog/model';
import { DAY as DAY_US, halfOpen, type Boundary } from '../../catalog/window';
import { aFeature, aView, catalogOf } from '../catalog-fixture';
import type { Served, ServedColumn, ServedWindow } from './service';
import { DAY, type ServedEvent } from './world';

/** A feature as the engine has it defined, and the same as a service was told to compute it. */
export interface ServedFeature {
  view: string;
  name: string;
  type: FeatureType;
  window: ServedWindow | null;
  column: ServedColumn | null;
  /** Whether equal values of its events are left out. */
  distinct: boolean;
}

const numbers = (events: ServedEvent[], of: 'n' | 'x'): number[] =>
  events.flatMap((event) => (event[of] === null ? [] : [event[of]]));
const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);

interface WindowSpec {
  name: string;
  type: FeatureType;
  definition: Exclude<FeatureDefinition, { kind: 'column' }>;
  default: DefaultPolicy;
  where?: (event: ServedEvent) => boolean;
  of: (events: ServedEvent[], counted: boolean) => Served;
}

const GOOD = (event: ServedEvent): boolean => event.good;
const NONE: DefaultPolicy = { kind: 'none' };
const constant = (value: string | number): DefaultPolicy => ({ kind: 'constant', value });
const over = (days: number, boundary: Boundary = 'half-open') => ({
  ...halfOpen(BigInt(days) * DAY_US),
  boundary,
});
const one = (
  days: number,
  fn: 'count' | 'count_distinct' | 'sum' | 'avg' | 'max' | 'last' | 'last_n',
  of: string,
  where: string | null = null,
  boundary: Boundary = 'half-open',
): WindowSpec['definition'] => ({
  kind: 'aggregation',
  window: over(days, boundary),
  aggregation: { fn, of, where, ...(fn === 'last_n' ? { parameter: 3 } : {}) },
});

const WINDOWS: WindowSpec[] = [
  { name: 'count_7d', type: 'int64', definition: one(7, 'count', '*'), default: NONE, of: (e) => e.length },
  {
    name: 'good_7d',
    type: 'int64',
    definition: one(7, 'count', '*', 'good'),
    default: NONE,
    where: GOOD,
    of: (e) => e.length,
  },
  {
    name: 'different_7d',
    type: 'int64',
    definition: one(7, 'count_distinct', 'n'),
    default: NONE,
    of: (e, counted) => (counted ? numbers(e, 'n').length : new Set(numbers(e, 'n')).size),
  },
  {
    name: 'sum_7d',
    type: 'float64',
    definition: one(7, 'sum', 'x'),
    default: { kind: 'zero' },
    of: (e) => (numbers(e, 'x').length === 0 ? null : sum(numbers(e, 'x'))),
  },
  {
    name: 'avg_1d',
    type: 'float64',
    definition: one(1, 'avg', 'x'),
    default: NONE,
    of: (e) => (numbers(e, 'x').length === 0 ? null : sum(numbers(e, 'x')) / numbers(e, 'x').length),
  },
  {
    name: 'max_7d',
    type: 'int32',
    definition: one(7, 'max', 'n'),
    default: constant(-1),
    of: (e) => (numbers(e, 'n').length === 0 ? null : Math.max(...numbers(e, 'n'))),
  },
  {
    name: 'last_7d',
    type: 'string',
    definition: one(7, 'last', 'word'),
    default: constant('unknown'),
    of: (e) => e.at(-1)?.word ?? null,
  },
  {
    name: 'share_7d',
    type: 'float64',
    definition: {
      kind: 'ratio',
      window: over(7),
      of: { fn: 'count', of: '*', where: 'good' },
      over: { fn: 'count', of: '*', where: null },
    },
    default: NONE,
    of: (e) => (e.length === 0 ? null : e.filter(GOOD).length / e.length),
  },
  {
    name: 'latest_7d',
    type: 'string[]',
    definition: one(7, 'last_n', 'word'),
    default: NONE,
    of: (e) => (e.length === 0 ? null : e.slice(-3).map(({ word }) => word)),
  },
  {
    name: 'whole_7d',
    type: 'float64',
    definition: { kind: 'expression', window: over(7), expression: 'sum(x) / count(DISTINCT word)' },
    default: NONE,
    of: (e) => {
      const words = new Set(e.flatMap(({ word }) => (word === null ? [] : [word]))).size;
      return numbers(e, 'x').length === 0 || words === 0 ? null : sum(numbers(e, 'x')) / words;
    },
  },
  {
    name: 'any_1d',
    type: 'bool',
    definition: one(1, 'max', 'good'),
    default: NONE,
    of: (e) => (e.length === 0 ? null : e.some(GOOD)),
  },
  {
    name: 'days_2d',
    type: 'int64',
    definition: one(2, 'count', '*', null, 'calendar-day'),
    default: NONE,
    of: (e) => e.length,
  },
  {
    name: 'buckets_1d',
    type: 'float64',
    definition: one(1, 'sum', 'x', null, 'sawtooth'),
    default: { kind: 'zero' },
    of: (e) => (numbers(e, 'x').length === 0 ? null : sum(numbers(e, 'x'))),
  },
];

const COLUMNS: { name: 'n' | 'x' | 'word' | 'flag'; type: FeatureType; default: DefaultPolicy }[] = [
  { name: 'n', type: 'int32', default: NONE },
  { name: 'x', type: 'float64', default: { kind: 'zero' } },
  { name: 'word', type: 'string', default: constant('nothing') },
  { name: 'flag', type: 'bool', default: NONE },
];

/** Views over one source each; `waits`: whose source says when a row was known. */
const VIEWS = [
  { name: 'acts', source: 'acts', kind: 'aggregate', waits: false, ttl: null },
  { name: 'late_acts', source: 'late_acts', kind: 'aggregate', waits: true, ttl: null },
  { name: 'facts', source: 'facts', kind: 'table', waits: false, ttl: 2 },
  { name: 'made_facts', source: 'facts', kind: 'table', waits: false, ttl: 2 },
  { name: 'late_facts', source: 'late_facts', kind: 'table', waits: true, ttl: 2 },
  { name: 'old_facts', source: 'facts', kind: 'table', waits: false, ttl: null },
  { name: 'stretches', source: 'stretches', kind: 'dimension', waits: false, ttl: null },
] as const;

export function servedCatalog(): Catalog {
  const views = VIEWS.map((view) => {
    const features: Feature[] =
      view.kind === 'aggregate'
        ? WINDOWS.map((spec) => ({
            ...aFeature(spec.name, spec.type, spec.definition),
            default: spec.default,
          }))
        : COLUMNS.map((spec) => ({
            ...aFeature(spec.name, spec.type, { kind: 'column', column: spec.name }),
            default: spec.default,
          }));
    return aView(view.name, view.kind, view.source, features, {
      ttl: view.ttl === null ? null : BigInt(view.ttl) * DAY_US,
      createdTimestamp: view.name === 'made_facts' ? 'made' : null,
      validity: view.kind === 'dimension' ? { from: 'ts', to: 'until' } : null,
    });
  });
  const catalog = catalogOf({ views, sources: [...new Set(VIEWS.map(({ source }) => source))] });
  const sources = [...catalog.sources].map(
    ([name, source]) => [name, { ...source, availableAt: name.startsWith('late') ? 'known' : null }] as const,
  );
  return { ...catalog, sources: new Map(sources) };
}

export function servedFeatures(): ServedFeature[] {
  return VIEWS.flatMap((view) =>
    view.kind === 'aggregate'
      ? WINDOWS.map((spec): ServedFeature => {
          const { length, boundary } = spec.definition.window;
          return {
            view: view.name,
            name: spec.name,
            type: spec.type,
            distinct: spec.name === 'different_7d',
            column: null,
            window: {
              name: spec.name,
              length: Number(length),
              boundary,
              where: spec.where,
              of: spec.of,
              default: standOf(spec.default, spec.type),
              waits: view.waits,
            },
          };
        })
      : COLUMNS.map((spec): ServedFeature => ({
          view: view.name,
          name: spec.name,
          type: spec.type,
          distinct: false,
          window: null,
          column: {
            name: spec.name,
            of: (row) => row[spec.name],
            ttl: view.ttl === null ? null : view.ttl * DAY,
            default: standOf(spec.default, spec.type),
            waits: view.waits,
            byMade: view.name === 'made_facts',
            stretches: view.kind === 'dimension',
          },
        })),
  );
}

function standOf(policy: DefaultPolicy, type: FeatureType): Served {
  if (policy.kind === 'zero') return type === 'bool' ? false : 0;
  return policy.kind === 'constant' ? (policy.value as Served) : null;
}
