import { describe, expect, it } from 'vitest';
import { NOTEBOOK, setUp } from './store-fixture';

describe('opening', () => {
  it("runs nothing of a user's notebook", async () => {
    const { store, engine } = await setUp({ isSample: false });
    expect(store.getState().analysis.prepared).toBe(true);
    expect(engine.asked).toEqual([]);
    expect(store.getState().document.saveState).toBe('saved');
  });

  it('runs the bundled sample once, at its first start, without reaching for a Redis', async () => {
    const { engine } = await setUp({ firstStart: true });
    expect(engine.asked).toEqual(['ones', 'twos', 'others']);
  });

  it('begins with the training sets there', async () => {
    const set = '```yaml training-set train\nspine:\n  sql: SELECT 1\n```\n';
    const { engine } = await setUp({ firstStart: true, text: `${NOTEBOOK}\n${set}` });
    expect(engine.asked).toEqual(['train', 'ones', 'twos', 'others']);
  });

  it('restores unsaved text of an earlier session as an edit', async () => {
    const { store, notices, cell } = await setUp({ backup: NOTEBOOK.replace('SELECT 3', 'SELECT 33') });
    expect(cell('others').body).toBe('SELECT 33 AS three');
    expect(store.getState().document.saveState).toBe('edited');
    expect(notices).toHaveLength(1);
  });
});

describe('editing', () => {
  it('re-runs cells that were run before and what depends on them, and nothing else', async () => {
    const { store, clock, engine, cell } = await setUp();
    await store.getState().runs.run('ones');
    await store.getState().runs.run('twos');
    engine.asked.length = 0;
    store.getState().document.setBody(cell('ones').id, 'SELECT 2 AS one');
    store.getState().document.setBody(cell('others').id, 'SELECT 4 AS three');
    await clock.advance(1_000);
    expect(engine.asked).toEqual(['ones', 'twos']);
  });

  it('makes nothing stale by a comment', async () => {
    const { store, clock, engine, cell } = await setUp();
    await store.getState().runs.run('ones');
    engine.asked.length = 0;
    store.getState().document.setBody(cell('ones').id, '-- why\nSELECT 1   AS one');
    await clock.advance(1_000);
    expect(engine.asked).toEqual([]);
  });

  it('drops the run of a text that was edited again and runs the newest', async () => {
    const { store, clock, engine, cell } = await setUp();
    await store.getState().runs.run('ones');
    engine.asked.length = 0;
    const release = engine.holdRuns();
    store.getState().document.setBody(cell('ones').id, 'SELECT 2 AS one');
    await clock.advance(1_000);
    store.getState().document.setBody(cell('ones').id, 'SELECT 3 AS one');
    await clock.advance(1_000);
    release();
    await clock.advance(1_000);
    expect(engine.asked).toEqual(['ones', 'ones']);
    const entry = store.getState().runs.byCell.ones;
    expect(entry?.phase).toBe('done');
    expect(entry?.fingerprints.ones).toBe(store.getState().analysis.current?.ownFingerprints.get('ones'));
  });

  it('never shows a deleted cell’s result under a new cell of its name', async () => {
    const { store, clock, cell } = await setUp();
    await store.getState().runs.run('ones');
    expect(store.getState().runs.byCell.ones?.run?.status).toBe('ok');
    store.getState().document.remove([cell('ones').id]);
    store.getState().document.insert(1, { kind: 'query', name: 'ones', language: 'sql', body: 'SELECT 7' });
    await clock.advance(1_000);
    expect(store.getState().runs.byCell.ones).toBeUndefined();
  });

  it('undoes and redoes over cells, and brings deleted cells back in their place', async () => {
    const { store, cell } = await setUp();
    const { document } = store.getState();
    const before = store.getState().document.current;
    document.setBody(cell('ones').id, 'SELECT 5 AS one');
    document.remove([cell('twos').id, cell('others').id]);
    document.undoDelete();
    const names = store.getState().document.current?.blocks.map((b) => (b.type === 'cell' ? b.name : 'text'));
    expect(names).toEqual(['text', 'ones', 'twos', 'others', 'online']);
    store.getState().document.undo();
    store.getState().document.undo();
    store.getState().document.undo();
    expect(store.getState().document.current).toBe(before);
    expect(store.getState().document.saveState).toBe('saved');
    store.getState().document.redo();
    expect(cell('ones').body).toBe('SELECT 5 AS one');
  });
});

describe('the file', () => {
  it('is saved as printed, and saying so ends the edit', async () => {
    const { store, saved, cell } = await setUp();
    store.getState().document.setBody(cell('ones').id, 'SELECT 5 AS one');
    await store.getState().document.save();
    expect(saved).toEqual([NOTEBOOK.replace('SELECT 1', 'SELECT 5')]);
    expect(store.getState().document.saveState).toBe('saved');
  });

  it('is taken over when it changes outside and nothing is unsaved', async () => {
    const { store, clock, main, cell } = await setUp();
    main.emit('file-changed', { path: 'test.plumb.md', sha256: 'sha9' });
    await clock.advance(100);
    expect(cell('ones').body).toBe('SELECT 9 AS one');
    expect(store.getState().document.saveState).toBe('saved');
  });

  it('leaves the choice to the user when it changes outside under an edit', async () => {
    const { store, clock, main, cell } = await setUp();
    store.getState().document.setBody(cell('ones').id, 'SELECT 5 AS one');
    main.emit('file-changed', { path: 'test.plumb.md', sha256: 'sha9' });
    await clock.advance(100);
    expect(store.getState().document.saveState).toBe('conflict');
    expect(cell('ones').body).toBe('SELECT 5 AS one');
    store.getState().document.reloadFromDisk();
    expect(cell('ones').body).toBe('SELECT 9 AS one');
    expect(store.getState().document.saveState).toBe('saved');
    store.getState().document.undo();
    expect(cell('ones').body).toBe('SELECT 5 AS one');
  });
});

describe('cancelling', () => {
  it('keeps the earlier result and leaves the cell free to run', async () => {
    const { store, clock, engine } = await setUp();
    await store.getState().runs.run('ones');
    const first = store.getState().runs.byCell.ones?.run;
    engine.holdRuns();
    const running = store.getState().runs.run('ones');
    await clock.advance(10);
    expect(store.getState().runs.byCell.ones?.phase).toBe('running');
    store.getState().runs.cancel('ones');
    await running;
    expect(store.getState().runs.byCell.ones?.phase).toBe('done');
    expect(store.getState().runs.byCell.ones?.run).toBe(first);
  });
});

describe('an engine that dies', () => {
  it('leaves text and results’ places, and runs nothing again by itself', async () => {
    const { store, clock, engine, restart } = await setUp();
    await store.getState().runs.run('ones');
    engine.asked.length = 0;
    restart();
    await clock.advance(1_000);
    expect(store.getState().runs.byCell.ones?.lost).toBe(true);
    expect(engine.asked).toEqual([]);
    expect(store.getState().engine.restarts).toBe(1);
    await store.getState().runs.runStale();
    expect(engine.asked).toContain('ones');
    expect(store.getState().runs.byCell.ones?.lost).toBe(false);
  });

  it('still runs what was asked for meanwhile', async () => {
    const { store, clock, engine, restart } = await setUp();
    await store.getState().runs.run('ones');
    const release = engine.holdRuns();
    const running = store.getState().runs.run('ones');
    const waiting = store.getState().runs.run('others');
    await clock.advance(10);
    restart();
    release();
    await Promise.all([running, waiting]);
    expect(store.getState().runs.byCell.others).toMatchObject({ lost: false, run: { status: 'ok' } });
  });
});
