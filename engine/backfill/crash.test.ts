import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openNodeHost, type NodeHost } from '../node/host';
import { NodeWorkspaceFiles } from '../node/workspace-files';
import { PlumblineError } from '../errors';
import type { WorkspaceFiles } from '../ports';
import type { BackfillResult } from '../results';
import { BACKFILL_EVENTS, planOfEvents } from '../testing/backfill-events';
import { treeOf } from '../testing/backfill-truth';
import { faultyEffects } from '../testing/write-faults';
import { BackfillStopped, runBackfill, type BackfillOptions } from './backfill';
import type { BackfillManifest } from './journal';
import type { BackfillPlan } from './plan';

describe('a backfill that ends anywhere', () => {
  let home: string;
  let folder: string;
  let host: NodeHost;
  let plan: BackfillPlan;
  let whole: Map<string, Buffer>;
  let steps: number;

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'plumbline-crash-'));
    host = await openNodeHost(home);
    await host.database.query(BACKFILL_EVENTS);
    plan = await planOfEvents(host.database);
    const smooth = faultyEffects(Infinity, 'fails');
    const files = await NodeWorkspaceFiles.open(home, { effects: smooth.effects });
    await run(files);
    whole = await treeOf(home);
    steps = smooth.steps();
  });
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plumbline-crash-run-'));
  });
  afterEach(() => rm(folder, { recursive: true }));
  afterAll(async () => {
    await host.close();
    await rm(home, { recursive: true });
  });

  const run = (files: WorkspaceFiles, more: Partial<BackfillOptions> = {}): Promise<BackfillResult> =>
    runBackfill({ ...host, files }, plan, { folder: plan.backfill.out, write: true, ...more });
  const resume = async (): Promise<BackfillResult> => run(await NodeWorkspaceFiles.open(folder));

  /** Whatever is there under its own name is whole, and the manifest tells of nothing that is not. */
  const expectWholeFiles = async (deleted?: string) => {
    const tree = await treeOf(folder);
    const manifest = tree.get('out/history/_manifest.json');
    for (const [path, bytes] of tree) {
      if (/\/\.plumbline-\d+-[0-9a-f]+\.tmp$/.test(path)) continue;
      if (!path.endsWith('_manifest.json')) expect(bytes.equals(whole.get(path)!)).toBe(true);
    }
    if (manifest === undefined) return;
    const { partitions } = JSON.parse(manifest.toString()) as BackfillManifest;
    for (const { file } of partitions)
      if (file !== deleted) expect(tree.has(`out/history/${file}`)).toBe(true);
  };
  const expectSameAsUninterrupted = async () => expect(await treeOf(folder)).toEqual(whole);

  it('leaves whole files only, and goes on to the very same tree: every step of the file work dies', async () => {
    expect(steps).toBeGreaterThan(50);
    for (let at = 0; at < steps; at++) {
      const files = await NodeWorkspaceFiles.open(folder, { effects: faultyEffects(at, 'dies').effects });
      await expect(run(files)).rejects.toBeInstanceOf(BackfillStopped);
      await expectWholeFiles();
      await resume();
      await expectSameAsUninterrupted();
      await rm(join(folder, 'out'), { recursive: true });
    }
  });

  it('says what failed, leaves no stray file, and goes on: every step of the file work fails', async () => {
    for (let at = 0; at < steps; at++) {
      const files = await NodeWorkspaceFiles.open(folder, { effects: faultyEffects(at, 'fails').effects });
      const stopped = await run(files).catch((thrown: unknown) => thrown);
      if (!(stopped instanceof BackfillStopped)) throw new Error(`step ${at} did not stop the run`);
      expect(stopped.cause).toMatchObject({ code: 'file.no_space', hint: expect.any(String) });
      expect(stopped.result.partitions.filter(({ state }) => state === 'failed')).toHaveLength(1);
      await expectWholeFiles();
      expect([...(await treeOf(folder)).keys()].filter((path) => path.endsWith('.tmp'))).toEqual([]);
      await resume();
      await expectSameAsUninterrupted();
      await rm(join(folder, 'out'), { recursive: true, force: true });
    }
  });

  it('reports a failure of every other call about files, and goes on', async () => {
    // A run over a tree of which one file is gone looks for, reads and digests the others.
    const gone = 'agg/date=2025-03-02/part.parquet';
    for (let at = 0; ; at++) {
      await resume();
      await rm(join(folder, 'out/history', gone));
      const real = await NodeWorkspaceFiles.open(folder);
      const counted = failingCall(real, at);
      const stopped = await run(counted.files).then(
        () => null,
        (thrown: unknown) => thrown,
      );
      if (counted.calls() <= at) {
        // The manifest is looked for and read, the tree listed, every file but the lost one digested.
        expect(at).toBe(whole.size + 1);
        expect(stopped).toBeNull();
        return;
      }
      const error = stopped instanceof BackfillStopped ? stopped.cause : stopped;
      expect(error).toMatchObject({ code: 'file.denied' });
      await expectWholeFiles(gone);
      await resume();
      await expectSameAsUninterrupted();
    }
  });

  it('is cancelled between and within files, and goes on', async () => {
    for (let reports = 1; ; reports++) {
      const controller = new AbortController();
      let seen = 0;
      const files = await NodeWorkspaceFiles.open(folder);
      const stopped = await run(files, {
        signal: controller.signal,
        onProgress: () => ++seen === reports && controller.abort(),
      }).catch((thrown: unknown) => thrown);
      if (!(stopped instanceof BackfillStopped)) {
        // Told to stop when everything was done, or never told.
        expect(reports).toBeGreaterThan(10);
        return;
      }
      expect(stopped.cause.code).toBe('engine.cancelled');
      const states = stopped.result.partitions.map(({ state }) => state);
      expect(states.filter((state) => state === 'cancelled')).toHaveLength(1);
      expect(states).toEqual([...states].sort((a, b) => ORDER.indexOf(a) - ORDER.indexOf(b)));
      await expectWholeFiles();
      const resumed = await resume();
      expect(resumed.partitions.map(({ state }) => state)).toEqual(
        states.map((state) => (state === 'written' ? 'up_to_date' : 'written')),
      );
      await expectSameAsUninterrupted();
      await rm(join(folder, 'out'), { recursive: true });
    }
  });

  it.each([3, 20, 34])('goes on after kill -9 of its process at step %i', async (step) => {
    expect(step).toBeLessThan(steps);
    expect(await child(String(step))).toBe('SIGKILL');
    await expectWholeFiles();
    await resume();
    await expectSameAsUninterrupted();
  });

  it('goes on after kill -9 from outside, when the first file is whole', async () => {
    expect(await child('never', (lines) => lines === 1)).toBe('SIGKILL');
    await expectWholeFiles();
    expect((await resume()).partitions[0]!.state).toBe('up_to_date');
    await expectSameAsUninterrupted();
  });

  /** Runs the backfill in a process of its own; gives the signal that ended it. */
  const child = async (step: string, kill: (lines: number) => boolean = () => false) => {
    const script = join(import.meta.dirname, '../testing/backfill-child.ts');
    const process_ = spawn(process.execPath, ['--import', 'tsx', script, folder, step], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let lines = 0;
    createInterface(process_.stdout).on('line', () => kill(++lines) && process_.kill('SIGKILL'));
    const [, signal] = (await once(process_, 'close')) as [number | null, NodeJS.Signals | null];
    return signal;
  };
});

const ORDER = ['written', 'cancelled', 'to_do'];

/** Files of which call number `at` (from 0) is refused; writes do not count. */
function failingCall(real: WorkspaceFiles, at: number): { files: WorkspaceFiles; calls(): number } {
  let calls = 0;
  const step = <T>(act: () => Promise<T>): Promise<T> =>
    calls++ === at ? Promise.reject(new PlumblineError('file.denied', 'no')) : act();
  const files: WorkspaceFiles = {
    glob: (pattern) => step(() => real.glob(pattern)),
    read: (path) => step(() => real.read(path)),
    sha256: (path) => step(() => real.sha256(path)),
    write: (path, bytes) => real.write(path, bytes),
  };
  return { files, calls: () => calls };
}
