import { basename, dirname, resolve } from 'node:path';
import { mkdir } from 'node:fs/promises';
import packageJson from '../../../package.json' with { type: 'json' };
import type { OnlineHost } from '../../online/job';
import { Runner } from '../../run';
import type { RunHost, RunOptions } from '../../run-types';
import { openNotebook, type OpenNotebook } from '../../run/open-notebook';
import { openNodeHost } from '../host';
import { NodeWorkspaceFiles } from '../workspace-files';

export interface Session {
  /** The notebook’s name, and the absolute path of its folder. */
  file: string;
  folder: string;
  host: RunHost;
  notebook: OpenNotebook;
  runner: Runner;
  close(): Promise<void>;
}

/** What running without a screen starts from: everything whole, nothing written. */
export const WHOLE_RUN: RunOptions = { mode: 'whole', previewRows: 10_000, write: false, exportFiles: false };

/** Opens a notebook with an engine of its own. Errors: `notebook.unreadable`, `engine.start_failed`. */
export async function openSession(
  path: string,
  options: {
    allowOutside: boolean;
    granted?: readonly string[];
    threads?: number;
    memoryBytes?: number | undefined;
    out?: string | null;
    online?: OnlineHost | null;
  },
): Promise<Session> {
  const folder = resolve(dirname(path));
  const file = basename(path);
  const node = await openNodeHost(folder, options);
  try {
    const notebook = await openNotebook(node.files, file);
    const host: RunHost = {
      ...node,
      exports: options.out ? await exportFolder(options.out) : null,
      version: packageJson.version,
      online: options.online ?? null,
      now: () => performance.now(),
    };
    const runner = new Runner(host);
    runner.load(notebook.analysis, notebook.documents, notebook.diagnostics);
    return { file, folder, host, notebook, runner, close: () => node.close() };
  } catch (thrown) {
    await node.close();
    throw thrown;
  }
}

async function exportFolder(path: string): Promise<NodeWorkspaceFiles> {
  const folder = resolve(path);
  await mkdir(folder, { recursive: true });
  return NodeWorkspaceFiles.open(folder);
}
