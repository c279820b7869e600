import type { WorkspaceInfo } from '../contract';
import { helpLink } from '../help-links';
import type { Handlers } from '../ipc-gate';
import { displayPath } from '../workspace/workspace';
import type { RecentList } from '../workspace/recent';
import { PlumblineError } from '../../engine/errors';

export interface AppHandlerDependencies {
  versions: { version: string; electron: string; chromium: string; platform: string };
  home: string;
  recent: RecentList;
  /** What the window should show now, and whether this is the profile's first start. */
  openInitial(): Promise<{ initial: WorkspaceInfo; firstStart: boolean }>;
  openExternal(url: string): Promise<void>;
}

export function appHandlers(
  deps: AppHandlerDependencies,
): Pick<Handlers, 'app.info' | 'app.recent' | 'app.openExternal'> {
  return {
    'app.info': async () => ({ ...deps.versions, ...(await deps.openInitial()) }),
    'app.recent': async () =>
      (await deps.recent.list()).map((entry) => ({ ...entry, folder: displayPath(entry.folder, deps.home) })),
    'app.openExternal': async ({ topic }) => {
      const url = helpLink(topic);
      if (!url) throw new PlumblineError('ipc.invalid', `There is no help page for ${topic}.`);
      await deps.openExternal(url);
      return {};
    },
  };
}
