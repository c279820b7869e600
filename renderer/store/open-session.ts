import type { WorkspaceInfo } from '../../electron/contract';
import { Runner } from '../../engine/run';
import { exportFeast } from '../../engine/run/export-feast';
import { snapshotRows } from '../../engine/run/snapshot-rows';
import type { RunHost, RunOptions } from '../../engine/run-types';
import { openBrowserHost } from '../database/browser-host';
import { appOnlineHost, difference, inspect, workspaceFiles } from '../host';
import type { EngineSession } from './session';
import type { SessionEvents } from './slice';

/** Reads, and writes nothing. */
const READING: RunOptions = { mode: 'whole', previewRows: 0, write: false, exportFiles: false };

/** Starts the engine of a workspace in its workers and puts a runner on it. Errors: `engine.start_failed`. */
export async function openSession(
  workspace: WorkspaceInfo,
  version: string,
  events: SessionEvents,
): Promise<EngineSession> {
  const host = await openBrowserHost(workspace.id);
  const { database } = host;
  const runHost: RunHost = {
    database,
    pool: host.pool,
    files: workspaceFiles,
    reader: host.reader,
    writer: host.writer,
    version,
    exports: null,
    online: appOnlineHost,
    now: () => Date.now(),
  };
  const runner = new Runner(runHost);
  database.onRestart(async () => events.onRestart());
  const stopWatch = database.watch((state) => {
    // At once: a run that goes on while the new engine starts must not count on tables of the old one.
    if (state === 'starting') runner.reset();
    events.onState(state);
  });
  const { version: engineVersion } = await database.info();
  return {
    database,
    load: (analysis, documents, diagnostics) => runner.load(analysis, documents, diagnostics),
    bind: (signal) => runner.bind(signal),
    sourceColumns: () => runner.sourceColumns(),
    runAll: (cells, options, onCell) => runner.runAll(cells, options, onCell),
    lookup: (request, signal) => runner.lookup(request, { ...READING, signal }),
    inspect,
    difference: async (catalog, spec, end, options) => {
      const run = { ...READING, ...options };
      const rows = await snapshotRows(runner, database, catalog, spec.view.view, end, run);
      return difference(spec, rows, options);
    },
    exportFeast: (catalog, options) => exportFeast(runner, runHost, catalog, options),
    count: (cell, signal) => runner.count(cell, signal),
    trainingSet: (name) => runner.trainingSet(name),
    skew: (name) => runner.skew(name),
    audit: (name) => runner.audit(name),
    info: async () => ({ version: engineVersion, memory: await database.memory() }),
    reset: () => runner.reset(),
    async close() {
      stopWatch();
      await host.close();
    },
  };
}
