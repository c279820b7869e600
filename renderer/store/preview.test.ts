import { describe, expect, it } from 'vitest';
import { cellState } from './staleness';
import { okRun, setUp } from './store-fixture';
import { FRAME_MS } from './analysis';
import { QUIET_MS } from './follow';

const OPEN = [{ at: 0, ref: 'v:f', column: 'f' }];

describe('an edit', () => {
  it('calls off the run of the older text at once, and runs the newest when the typing pauses', async () => {
    const { store, clock, engine, cell } = await setUp();
    await store.getState().runs.run('ones');
    engine.asked.length = 0;
    const release = engine.holdRuns();
    store.getState().document.setBody(cell('ones').id, 'SELECT 2 AS one');
    await clock.advance(1_000);
    expect([engine.asked, engine.stopped]).toEqual([['ones'], []]);
    store.getState().document.setBody(cell('ones').id, 'SELECT 3 AS one');
    // Less than the pause: the older run ends without waiting for it.
    await clock.advance(FRAME_MS + QUIET_MS - 1);
    expect([engine.asked, engine.stopped]).toEqual([['ones'], ['ones']]);
    release();
    await clock.advance(1_000);
    expect([engine.asked, engine.stopped]).toEqual([['ones', 'ones'], ['ones']]);
    await expect.poll(() => store.getState().runs.byCell.ones?.phase).toBe('done');
  });

  it('runs again a cell whose first run it cut short', async () => {
    const { store, clock, engine, cell } = await setUp();
    const release = engine.holdRuns();
    void store.getState().runs.run('ones');
    await clock.advance(10);
    store.getState().document.setBody(cell('ones').id, 'SELECT 2 AS one');
    await clock.advance(1_000);
    release();
    await clock.advance(1_000);
    expect(engine.asked).toEqual(['ones', 'ones']);
    await expect.poll(() => store.getState().runs.byCell.ones?.run?.status).toBe('ok');
  });

  it('runs again where the older run ended before it could be called off', async () => {
    const { store, clock, engine, cell } = await setUp();
    await store.getState().runs.run('ones');
    engine.asked.length = 0;
    const release = engine.holdRuns({ heed: false });
    store.getState().document.setBody(cell('ones').id, 'SELECT 2 AS one');
    await clock.advance(1_000);
    store.getState().document.setBody(cell('ones').id, 'SELECT 3 AS one');
    await clock.advance(1_000);
    expect(engine.asked).toEqual(['ones']);
    release();
    await expect.poll(() => engine.asked).toEqual(['ones', 'ones']);
    const state = () =>
      cellState('ones', store.getState().runs.byCell.ones, store.getState().analysis.graph).kind;
    await expect.poll(state).toBe('fresh');
  });

  it('runs again what could not run because of the text before', async () => {
    const { store, clock, engine, cell } = await setUp();
    await store.getState().runs.run('twos');
    engine.endRunsAs('skipped');
    store.getState().document.setBody(cell('ones').id, 'SELECT 2 AS one');
    await clock.advance(1_000);
    engine.endRunsAs('ok');
    engine.asked.length = 0;
    store.getState().document.setBody(cell('ones').id, 'SELECT 3 AS one');
    await clock.advance(1_000);
    expect(engine.asked).toContain('twos');
  });

  it('leaves alone a run that it does not touch, and one of the whole data', async () => {
    const { store, clock, engine, cell } = await setUp();
    const release = engine.holdRuns();
    void store.getState().runs.run('others');
    await clock.advance(10);
    store.getState().document.setBody(cell('ones').id, 'SELECT 2 AS one');
    await clock.advance(1_000);
    expect(engine.stopped).toEqual([]);
    release();
    await expect.poll(() => store.getState().runs.byCell.others?.phase).toBe('done');
    const again = engine.holdRuns();
    void store.getState().runs.run('others', 'whole');
    await clock.advance(10);
    store.getState().document.setBody(cell('others').id, 'SELECT 4 AS three');
    await clock.advance(1_000);
    expect(engine.stopped).toEqual([]);
    again();
  });
});

describe('what a preview leaves to count', () => {
  it('follows the rows without another run, and changes the result of the same run', async () => {
    const { store, engine } = await setUp();
    engine.leaveToCount(OPEN);
    await store.getState().runs.run('ones');
    const before = store.getState().runs.byCell.ones;
    expect(before?.phase).toBe('done');
    expect(engine.counting.map(({ cell }) => cell)).toEqual(['ones']);
    const counted = okRun('ones', 1);
    engine.counting[0]!.answer(counted);
    await expect.poll(() => store.getState().runs.byCell.ones?.run).toBe(counted);
    expect(store.getState().runs.byCell.ones?.doneId).toBe(before?.doneId);
    expect(engine.asked).toEqual(['ones']);
  });

  it('is called off by an edit of the cell, and not taken over by what comes after', async () => {
    const { store, clock, engine, cell } = await setUp();
    engine.leaveToCount(OPEN);
    await store.getState().runs.run('ones');
    store.getState().document.setBody(cell('ones').id, 'SELECT 2 AS one');
    await clock.advance(FRAME_MS + QUIET_MS - 1);
    expect(engine.counting.map(({ aborted }) => aborted)).toEqual([true]);
    await clock.advance(1_000);
    expect(engine.counting.map(({ aborted }) => aborted)).toEqual([true, false]);
  });

  it('is taken up again when the edit is taken back', async () => {
    const { store, clock, engine, cell, notices } = await setUp();
    engine.leaveToCount(OPEN);
    await store.getState().runs.run('ones');
    const { body } = cell('ones');
    store.getState().document.setBody(cell('ones').id, 'SELECT 2 AS one');
    await clock.advance(FRAME_MS + 1);
    store.getState().document.setBody(cell('ones').id, body);
    await clock.advance(1_000);
    expect(engine.asked).toEqual(['ones']);
    expect(engine.counting.map(({ aborted }) => aborted)).toEqual([true, false]);
    expect(notices).toEqual([]);
  });
});
