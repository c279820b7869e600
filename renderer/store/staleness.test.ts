import { describe, expect, it } from 'vitest';
import { cellState, isDimmed, closure, fingerprintsOf, staleness, type Graph } from './staleness';
import type { CellRunEntry } from './state';

const dependencies = new Map([
  ['train', ['starts', 'engagement']],
  ['engagement', ['user', 'interactions']],
]);
/** What each cell's own text means, as the analysis tells it. */
const graph = (own: Record<string, string>, edges: Graph['dependencies'] = dependencies): Graph => {
  const all = { train: '1', starts: '1', engagement: '1', user: '1', interactions: '1', ...own };
  return { dependencies: edges, ownFingerprints: new Map(Object.entries(all)) };
};
const ran = fingerprintsOf('train', graph({}));

function entry(change: Partial<CellRunEntry> = {}): CellRunEntry {
  return {
    runId: 'r1',
    phase: 'done',
    mode: 'preview',
    startedAt: 5,
    progress: null,
    run: {
      name: 'train',
      kind: 'training-set',
      status: 'ok',
      ms: 3,
      rows: 10,
      columns: [],
      error: null,
      relation: 'train',
      result: {},
    },
    doneId: 'r1',
    fingerprints: ran,
    doneMode: 'preview',
    startedFrom: ran,
    lost: false,
    ...change,
  };
}

describe('staleness', () => {
  it('takes every cell upstream into account, dependencies first', () => {
    expect(closure('train', dependencies)).toEqual(['starts', 'user', 'interactions', 'engagement', 'train']);
  });

  it('is fresh while nothing changed its meaning', () => {
    expect(staleness('train', ran, graph({}))).toEqual({ kind: 'fresh' });
  });

  it('says edited when only the cell itself changed', () => {
    expect(staleness('train', ran, graph({ train: '2' }))).toEqual({ kind: 'edited' });
  });

  it('names the cells upstream that changed, not those that only depend on them', () => {
    expect(staleness('train', ran, graph({ interactions: '2' }))).toEqual({
      kind: 'upstream',
      changed: ['interactions'],
    });
    expect(staleness('train', ran, graph({ starts: '2', user: '2' }))).toEqual({
      kind: 'upstream',
      changed: ['starts', 'user'],
    });
  });

  it('says edited of a cell that changed with the cells upstream', () => {
    expect(staleness('train', ran, graph({ train: '2', interactions: '2' }))).toEqual({ kind: 'edited' });
  });

  it('names a cell that the text reads now and did not find before', () => {
    const more = new Map([...dependencies, ['train', ['starts', 'engagement', 'people']]]);
    expect(staleness('train', ran, graph({ people: '1' }, more))).toEqual({
      kind: 'upstream',
      changed: ['people'],
    });
  });

  it('names a dependency that is gone', () => {
    const less = new Map([...dependencies, ['engagement', ['user']]]);
    expect(staleness('train', ran, graph({}, less))).toEqual({ kind: 'upstream', changed: ['interactions'] });
  });
});

describe('cell state', () => {
  it('goes from idle over queued and running to fresh', () => {
    expect(cellState('train', undefined, graph({})).kind).toBe('idle');
    expect(cellState('train', entry({ phase: 'queued' }), graph({})).kind).toBe('queued');
    expect(cellState('train', entry({ phase: 'running' }), graph({}))).toEqual({
      kind: 'running',
      startedAt: 5,
      progress: null,
    });
    expect(cellState('train', entry(), graph({})).kind).toBe('fresh');
    expect(cellState('train', entry({ lost: true }), graph({})).kind).toBe('lost');
  });

  it('shows a failure until the cell changes, and a cancelled run as never run', () => {
    const run = {
      ...entry().run!,
      status: 'failed' as const,
      error: { code: 'sql.bind' as const, message: 'no column x' },
    };
    expect(cellState('train', entry({ run }), graph({}))).toEqual({ kind: 'failed', error: run.error });
    expect(cellState('train', entry({ run }), graph({ train: '2' })).kind).toBe('edited');
    const cancelled = { ...run, error: { code: 'engine.cancelled' as const, message: 'cancelled' } };
    expect(cellState('train', entry({ run: cancelled }), graph({})).kind).toBe('idle');
  });

  it('never dims what a check past its limit has found', () => {
    const failed = { kind: 'failed', error: { code: 'skew.limit', message: 'too much' } } as const;
    for (const kind of ['skew', 'drift', 'audit']) expect(isDimmed(kind, failed)).toBe(false);
    expect(isDimmed('skew', { kind: 'edited' })).toBe(true);
    expect(isDimmed('query', failed)).toBe(true);
  });

  it('shows a cancelled backfill as such, and never dims its progress', () => {
    const run = {
      ...entry().run!,
      status: 'failed' as const,
      error: { code: 'engine.cancelled' as const, message: 'cancelled' },
      result: { out: 'o', manifest: 'm', write: true, partitions: [], warnings: [] },
    };
    const state = cellState('train', entry({ run }), graph({}));
    expect(state).toEqual({ kind: 'cancelled' });
    expect(isDimmed('backfill', state)).toBe(false);
    expect(isDimmed('query', state)).toBe(true);
    expect(isDimmed('backfill', { kind: 'edited' })).toBe(true);
    expect(isDimmed('backfill', cellState('train', entry(), graph({})))).toBe(false);
  });
});
