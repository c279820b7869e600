import type { EngineState } from '../../engine/database/supervisor';
import { toErrorRecord } from '../../engine/errors';
import type { EngineSession } from './session';
import { cleanups, type SliceContext } from './slice';
import type { EngineSlice, EngineStatus } from './state';

/** How often the status bar asks for memory (milliseconds). */
const MEMORY_MS = 3_000;

const STATUS: Record<EngineState, EngineStatus> = {
  starting: 'starting',
  ready: 'ready',
  busy: 'ready',
  dead: 'failed',
};

/** The engine of the open workspace: started with it, replaced when it dies. */
export function createEngineSlice({ get, put, watch, deps }: SliceContext): EngineSlice {
  const stops = cleanups();
  let stopMemory: () => void = () => {};
  let starting = 0;

  const poll = (session: EngineSession) => {
    stopMemory();
    stopMemory = deps.clock.after(MEMORY_MS, () => {
      if (get().engine.session !== session) return;
      void session
        .info()
        .then(({ memory, version }) => {
          if (get().engine.session === session) put('engine', { memory, version });
        })
        .catch(() => undefined)
        .then(() => poll(session));
    });
  };

  const start = async () => {
    const workspace = get().workspace.info;
    if (workspace === null) return;
    const mine = ++starting;
    const old = get().engine.session;
    put('engine', { session: null, status: 'starting', error: null, memory: null });
    await old?.close().catch(() => undefined);
    try {
      const session = await deps.openSession(workspace, get().workspace.version, {
        onRestart() {
          if (mine !== starting) return;
          put('engine', { restarts: get().engine.restarts + 1 });
          get().runs.markAllLost();
          deps.notify(
            'info',
            'The engine was restarted.',
            'Cells have to run again; your text is untouched.',
          );
        },
        onState(state) {
          // Every statement makes it busy and ready again: that is no news.
          const status = STATUS[state];
          if (mine === starting && get().engine.status !== status) put('engine', { status });
        },
      });
      if (mine !== starting) return void (await session.close());
      put('engine', { session, status: 'ready' });
      const { version, memory } = await session.info();
      if (mine === starting) put('engine', { version, memory });
      poll(session);
    } catch (thrown) {
      if (mine !== starting) return;
      put('engine', { status: 'failed', error: toErrorRecord(thrown) });
    }
  };

  return {
    status: 'starting',
    error: null,
    version: '',
    memory: null,
    restarts: 0,
    session: null,
    initialize() {
      stops.add(
        watch(
          (state) => state.workspace.info?.id,
          () => void start(),
        ),
      );
    },
    destroy() {
      stops.run();
      stopMemory();
      void get().engine.session?.close();
    },
    async restart() {
      put('engine', { restarts: get().engine.restarts + 1 });
      get().runs.cancel();
      get().runs.markAllLost();
      await start();
    },
  };
}
