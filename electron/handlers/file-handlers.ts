import { copyFile, constants, mkdir } from 'node:fs/promises';
import { basename, extname, join, relative, sep } from 'node:path';
import { fileError } from '../../engine/node/file-error';
import type { Ask } from '../consent/consent-dialogs';
import { resolveWorkspacePath } from '../files/workspace-path';
import type { Handlers } from '../ipc-gate';
import type { CurrentWorkspace } from '../workspace/current-workspace';

export interface FileHandlerDependencies {
  workspace: CurrentWorkspace;
  ask: Ask;
  reveal(absolute: string): void;
  onWritten(path: string, sha256: string): void;
}

type FileChannels =
  'files.glob' | 'files.read' | 'files.sha256' | 'files.write' | 'files.adopt' | 'files.reveal';

export function fileHandlers(deps: FileHandlerDependencies): Pick<Handlers, FileChannels> {
  const files = () => deps.workspace.get().files;
  return {
    'files.glob': ({ pattern }) => files().glob(pattern),
    'files.read': async ({ path }) => ({ bytes: await files().read(path) }),
    'files.sha256': async ({ path }) => ({ sha256: await files().sha256(path) }),
    'files.write': async ({ path, bytes }) => {
      const written = await files().write(path, bytes);
      deps.onWritten(path, written.sha256);
      return written;
    },
    'files.adopt': async ({ absolutePath }) => {
      const { root } = deps.workspace.get();
      const resolved = await resolveWorkspacePath(root, absolutePath);
      if (resolved.inside)
        return { path: relative(root, resolved.absolute).split(sep).join('/'), copied: false };
      const yes = await deps.ask({
        message: 'Copy this file into the notebook folder?',
        detail: resolved.absolute,
        yes: 'Copy into data/',
        no: 'Cancel',
      });
      if (!yes) return null;
      return { path: await copyIntoData(root, resolved.absolute), copied: true };
    },
    'files.reveal': async ({ path }) => {
      const resolved = await resolveWorkspacePath(deps.workspace.get().root, path);
      if (resolved.inside) deps.reveal(resolved.absolute);
      return {};
    },
  };
}

/** Copies under a free name: nothing that is there is overwritten. Gives the workspace path. */
async function copyIntoData(root: string, source: string): Promise<string> {
  const ending = extname(source);
  const stem = basename(source, ending);
  try {
    await mkdir(join(root, 'data'), { recursive: true });
    for (let copy = 1; ; copy++) {
      const name = copy === 1 ? stem + ending : `${stem}-${copy}${ending}`;
      try {
        await copyFile(source, join(root, 'data', name), constants.COPYFILE_EXCL);
        return `data/${name}`;
      } catch (thrown) {
        if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST') throw thrown;
      }
    }
  } catch (thrown) {
    throw fileError(thrown, source);
  }
}
