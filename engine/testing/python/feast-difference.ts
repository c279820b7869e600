import type { Question, QuestionView } from './question';

/** A place where Feast's answer differs from ours: the question, and the rows of both as `n value...`. */
export interface FeastDifference {
  /** Feast's local offline stores: `dask` is its file store. */
  store: 'dask' | 'duckdb';
  question: Question;
  /** Whether the order of Feast's rows is the point; ours is always the spine's. */
  ordered?: true;
  /** Rows; or the message with which Feast refuses. */
  feast: string[] | RegExp;
  ours: string[];
}

const hour = (time: string): string => `TIMESTAMPTZ '2025-01-01 ${time}:00+00'`;

/** SQL of rows written as tuples; columns that end in a time's name hold hours of one day. */
function rows(columns: string, ...tuples: string[]): string {
  const read = tuples.map((tuple) => `(${tuple.replace(/\b\d\d:\d\d\b/g, hour)})`);
  return `SELECT * FROM (VALUES ${read.join(', ')}) r(${columns})`;
}

function view(name: string, key: string, tuples: string[], more: Partial<QuestionView> = {}): QuestionView {
  return {
    name,
    keys: { [key]: 'int64' },
    features: { [name]: 'int64' },
    rows: rows(`${key}, happened, ${name}`, ...tuples),
    ttl: null,
    created: false,
    ...more,
  };
}

const spine = (columns: string, ...tuples: string[]): string => rows(`n, ${columns}`, ...tuples);
const HOUR = 3_600_000_000n;

/** By name, each told in docs/compared-with-feast.md. Feast 0.66.0. */
export const FEAST_DIFFERENCES: Record<string, FeastDifference> = {
  'a row whose entity has only later or expired values is dropped': {
    store: 'dask',
    question: {
      name: 'dropped',
      spine: spine('u, t', '0, 1, 05:00', '1, 2, 05:00', '2, 3, 05:00', '3, 4, 05:00'),
      views: [view('x', 'u', ['1, 05:00, 10', '2, 01:00, 20', '3, 08:00, 30'], { ttl: HOUR })],
    },
    feast: ['0 10.0', '3 NULL'],
    ours: ['0 10', '1 NULL', '2 NULL', '3 NULL'],
  },
  'of two rows with one entity and time, one is lost': {
    store: 'dask',
    question: {
      name: 'repeated',
      spine: spine('u, t', '0, 1, 05:00', '1, 1, 05:00'),
      views: [view('x', 'u', ['1, 01:00, 10'])],
    },
    feast: ['1 10'],
    ours: ['0 10', '1 10'],
  },
  'two items of a user at one instant become one row': {
    store: 'dask',
    question: {
      name: 'items',
      spine: spine('u, i, t', '0, 1, 7, 05:00', '1, 1, 8, 05:00'),
      views: [view('x', 'u', ['1, 01:00, 10']), view('y', 'i', ['7, 01:00, 70', '8, 01:00, 80'])],
    },
    feast: ['1 10 80'],
    ours: ['0 10 70', '1 10 80'],
  },
  'NULL in a key matches NULL in a source': {
    store: 'dask',
    question: {
      name: 'null_key',
      spine: spine('u, t', "0, 'a', 05:00", '1, NULL, 06:00'),
      views: [view('x', 'u', ["'a', 01:00, 10", 'NULL, 01:00, 99'], { keys: { u: 'string' } })],
    },
    feast: ['0 10', '1 99'],
    ours: ['0 10', '1 NULL'],
  },
  'a source row without a time gives its value to every time': {
    store: 'dask',
    question: {
      name: 'timeless',
      spine: spine('u, t', '0, 1, 05:00', '1, 2, 06:00'),
      views: [view('x', 'u', ['1, NULL::TIMESTAMPTZ, 99', '2, 01:00, 20'])],
    },
    feast: ['0 99', '1 20'],
    ours: ['0 NULL', '1 20'],
  },
  'whole numbers beyond 2^53 are rounded': {
    store: 'dask',
    question: {
      name: 'rounded',
      spine: spine('u, t', '0, 1, 05:00', '1, 2, 06:00'),
      views: [view('x', 'u', ['1, 01:00, 9007199254740993::BIGINT'])],
    },
    feast: ['0 9007199254740992.0', '1 NULL'],
    ours: ['0 9007199254740993', '1 NULL'],
  },
  'composite keys that read alike when written together get one value': {
    store: 'duckdb',
    question: {
      name: 'collision',
      spine: spine('a, b, t', "0, '1', '11', 05:00", "1, '11', '1', 05:00"),
      views: [
        {
          ...view('x', 'a', []),
          keys: { a: 'string', b: 'string' },
          rows: rows('a, b, happened, x', "'1', '11', 01:00, 10", "'11', '1', 02:00, 20"),
        },
      ],
    },
    feast: ['0 20', '1 20'],
    ours: ['0 10', '1 20'],
  },
  'NULL in one key loses the features of every other': {
    store: 'duckdb',
    question: {
      name: 'other_key',
      spine: spine('u, i, t', '0, 1, 7, 05:00', '1, 1, NULL, 06:00'),
      views: [view('x', 'u', ['1, 01:00, 10']), view('y', 'i', ['7, 01:00, 70'])],
    },
    feast: ['0 10 70', '1 NULL NULL'],
    ours: ['0 10 70', '1 10 NULL'],
  },
  'a feature whose name ends in _y cannot be had': {
    store: 'duckdb',
    question: {
      name: 'suffix',
      spine: spine('u, t', '0, 1, 05:00'),
      views: [view('price_y', 'u', ['1, 01:00, 10'])],
    },
    feast: /Column 'price_y' is not found/,
    ours: ['0 10'],
  },
  'rows come in another order than the spine’s': {
    store: 'dask',
    question: {
      name: 'order',
      spine: spine('u, t', '0, 1, 05:00', '1, 1, 03:00', '2, 1, 04:00'),
      views: [view('x', 'u', ['1, 01:00, 10', '1, 02:00, 20', '1, 04:30, 30'])],
    },
    ordered: true,
    feast: ['1 20', '2 20', '0 30'],
    ours: ['0 30', '1 20', '2 20'],
  },
};
