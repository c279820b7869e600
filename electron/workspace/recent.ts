import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { atomicWrite } from '../../engine/node/atomic-write';

const recentSchema = z.array(z.object({ folder: z.string(), notebook: z.string(), openedAt: z.number() }));
export type RecentEntry = z.infer<typeof recentSchema>[number];

export const MAX_RECENT = 15;

/** Notebooks opened lately, newest first, one entry per notebook. Losing the list is never an error. */
export interface RecentList {
  list(): Promise<RecentEntry[]>;
  add(folder: string, notebook: string): Promise<void>;
}

export function createRecentList(file: string, now: () => number): RecentList {
  const list = async (): Promise<RecentEntry[]> => {
    try {
      return recentSchema.parse(JSON.parse(await readFile(file, 'utf8'))).slice(0, MAX_RECENT);
    } catch {
      return [];
    }
  };
  return {
    list,
    add: async (folder, notebook) => {
      const others = (await list()).filter((entry) => entry.folder !== folder || entry.notebook !== notebook);
      const entries = [{ folder, notebook, openedAt: now() }, ...others].slice(0, MAX_RECENT);
      await atomicWrite(file, JSON.stringify(entries, null, 2)).catch(() => undefined);
    },
  };
}
