import type { ChannelName, EventName, WorkspaceInfo } from '../../electron/contract';
import type { CellRun, PendingFeature } from '../../engine/results';
import { PlumblineError } from '../../engine/errors';
import { fakeClock } from './fake-clock';
import type { EngineSession } from './session';
import type { Host } from './state';
import { createAppStore, startStore } from './store';

/** Three queries, one of which reads another, and a lookup. */
export const NOTEBOOK = `---
plumbline: 1
title: Test
---

# Numbers

\`\`\`sql query ones
SELECT 1 AS one
\`\`\`

\`\`\`sql query twos
SELECT one + 1 AS two FROM ones
\`\`\`

\`\`\`sql query others
SELECT 3 AS three
\`\`\`

\`\`\`yaml lookup online
redis: dev
\`\`\`
`;

const NO_FEATURES = {
  file: null,
  sha256: null,
  manifest: null,
  sample: 1,
  spine_rows: 2,
  features: [],
  means: [],
  warnings: [],
};

type Answers = Partial<Record<ChannelName, (request: never) => unknown>>;

function fakeHost(answers: Answers) {
  const calls: { channel: string; request: unknown }[] = [];
  const listeners = new Map<string, (payload: never) => void>();
  const host: Host = {
    call: (async (channel: ChannelName, request: never) => {
      calls.push({ channel, request });
      const answer = answers[channel];
      if (answer === undefined) throw new PlumblineError('ipc.invalid', `${channel} is not answered here.`);
      return answer(request);
    }) as Host['call'],
    on: ((event: EventName, listener: (payload: never) => void) => {
      listeners.set(event, listener);
      return () => listeners.delete(event);
    }) as Host['on'],
    pathForFile: () => null,
  };
  return {
    host,
    calls,
    emit: (event: EventName, payload: unknown) => listeners.get(event)?.(payload as never),
  };
}

export function okRun(name: string, rows = 1, pending: PendingFeature[] = []): CellRun {
  return {
    name,
    kind: 'query',
    status: 'ok',
    ms: 1,
    rows,
    columns: [],
    error: null,
    relation: name,
    result: pending.length === 0 ? {} : { ...NO_FEATURES, pending },
  };
}

/** A session that tells which cells were asked for, and holds each run until it is released when asked to. */
function fakeSession() {
  const asked: string[] = [];
  /** Cells whose counts were asked for, and how that ended. */
  const counting: { cell: string; aborted: boolean; answer(run: CellRun | null): void }[] = [];
  /** Features that each run leaves to count. */
  let pending: PendingFeature[] = [];
  /** Runs that were told to stop, by cell. */
  const stopped: string[] = [];
  let hold: Promise<void> | null = null;
  /** Whether runs end as if nobody had called them off. */
  let deaf = false;
  let status: CellRun['status'] = 'ok';
  const session: EngineSession = {
    database: {} as EngineSession['database'],
    load() {},
    inspect: () => Promise.reject(new Error('no store')),
    difference: () => Promise.reject(new Error('no store')),
    exportFeast: () => Promise.reject(new Error('no files')),
    lookup: () => Promise.reject(new Error('no store')),
    bind: async () => [],
    sourceColumns: () => new Map(),
    async runAll(cells, options, onCell) {
      const names = cells ?? [];
      asked.push(...names);
      let over = false;
      await Promise.race([
        hold,
        new Promise<void>((_, reject) =>
          options.signal?.addEventListener('abort', () => {
            if (deaf) return;
            if (!over) stopped.push(...names);
            reject(new PlumblineError('engine.cancelled', 'The run was cancelled.'));
          }),
        ),
      ]);
      over = true;
      const runs = names.map((name) => ({ ...okRun(name, 1, pending), status }));
      runs.forEach(onCell);
      return runs;
    },
    count: (cell, signal) =>
      new Promise((resolve, reject) => {
        const one = { cell, aborted: false, answer: resolve };
        counting.push(one);
        signal?.addEventListener('abort', () => {
          one.aborted = true;
          reject(new PlumblineError('engine.cancelled', 'The run was cancelled.'));
        });
      }),
    trainingSet: () => undefined,
    skew: () => undefined,
    audit: () => undefined,
    info: async () => ({ version: 'v1.4.3', memory: { used: 1, limit: 2 } }),
    reset() {},
    close: async () => {},
  };
  return {
    session,
    asked,
    counting,
    stopped,
    leaveToCount(features: PendingFeature[]) {
      pending = features;
    },
    endRunsAs(next: CellRun['status']) {
      status = next;
    },
    /** Gives the way to let the runs go; `heed`: whether they end when they are called off meanwhile. */
    holdRuns({ heed = true } = {}) {
      deaf = !heed;
      let release = () => {};
      hold = new Promise((resolve) => (release = resolve));
      return () => {
        deaf = false;
        hold = null;
        release();
      };
    },
  };
}

/** A started store over fakes, with that notebook open. */
export async function setUp(
  options: { firstStart?: boolean; backup?: string; isSample?: boolean; text?: string } = {},
) {
  const clock = fakeClock();
  const workspace: WorkspaceInfo = {
    id: 'w1',
    display: '~/test',
    folderName: 'test',
    isSample: options.isSample ?? true,
    notebooks: ['test.plumb.md'],
    dataFiles: [],
    notebook: {
      file: 'test.plumb.md',
      text: options.text ?? NOTEBOOK,
      sha256: 'sha0',
      backup: options.backup === undefined ? null : { text: options.backup, savedAt: 1, baseSha256: 'sha0' },
    },
  };
  const saved: string[] = [];
  const main = fakeHost({
    'app.info': () => ({
      version: '1',
      electron: '33',
      chromium: '130',
      platform: 'linux',
      firstStart: options.firstStart ?? false,
      initial: workspace,
    }),
    'app.recent': () => [],
    'settings.get': () => ({
      settings: {
        theme: 'system',
        autosave: false,
        previewRows: 10_000,
        fontSize: 13,
        wordWrap: false,
        showCatalog: true,
        showInspector: true,
      },
      keybindings: {},
      problem: null,
    }),
    'redis.list': () => ({ connections: [], canStoreSecrets: false, localServer: null }),
    'notebook.edited': () => ({}),
    'notebook.backup': () => ({}),
    'notebook.read': () => ({ text: NOTEBOOK.replace('1 AS one', '9 AS one'), sha256: 'sha9' }),
    'notebook.save': (request: { text: string }) => {
      saved.push(request.text);
      return { sha256: `saved${saved.length}` };
    },
  });
  const engine = fakeSession();
  const notices: string[] = [];
  let restart = () => {};
  const store = createAppStore({
    host: main.host,
    clock,
    openSession: async (_workspace, _version, events) => {
      restart = events.onRestart;
      return engine.session;
    },
    notify: (_kind, message) => notices.push(message),
  });
  const stop = startStore(store);
  await store.getState().workspace.start();
  await clock.advance(1_000);
  const cell = (name: string) => {
    const found = store.getState().document.current?.blocks.find((b) => b.type === 'cell' && b.name === name);
    if (found?.type !== 'cell') throw new Error(`no cell ${name}`);
    return found;
  };
  return { store, clock, main, engine, saved, notices, cell, stop, restart: () => restart() };
}
