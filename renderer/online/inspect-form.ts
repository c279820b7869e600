import { parseInstant } from '../../engine/catalog/instant';
import type { Catalog } from '../../engine/catalog/model';
import { PlumblineError, toErrorRecord } from '../../engine/errors';
import type { InspectJob } from '../../engine/online/inspection';
import type { OnlineView } from '../../engine/online/job';
import { onlineView } from '../../engine/online/online-view';

/** What the inspector's fields hold, as it was typed. */
export interface InspectDraft {
  redis: string;
  /** Empty = all. */
  project: string;
  /** `user_id=42, item=shoes`; empty = all. */
  entity: string;
  limit: string;
}

/** Entities whose values the screen shows. */
export const SHOWN = 200;

const wrong = (message: string, hint: string) => new PlumblineError('usage', message, { hint });

/** The notebook's views as the store knows them; one that cannot be stored is left out. */
export function onlineViews(catalog: Catalog | undefined): OnlineView[] {
  return [...(catalog?.views.keys() ?? [])].flatMap((name) => {
    try {
      return [onlineView(catalog!, name)];
    } catch (thrown) {
      if (toErrorRecord(thrown).code.startsWith('catalog.')) return [];
      throw thrown;
    }
  });
}

function entityOf(text: string): Record<string, string> {
  const parts = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  return Object.fromEntries(
    parts.map((part) => {
      const [, key = '', value = ''] = /^([^=]+)=(.*)$/.exec(part) ?? [];
      if (key === '') throw wrong(`${JSON.stringify(part)} is no entity.`, 'Write user_id=42.');
      return [key.trim(), value.trim()];
    }),
  );
}

/** The job that the fields say. Error: `usage`. */
export function inspectJob(catalog: Catalog | undefined, draft: InspectDraft): InspectJob {
  const { redis, project } = draft;
  if (redis === '') throw wrong('No connection is chosen.', 'Add one under Redis connections.');
  const limit = Number(draft.limit.replaceAll(',', ''));
  if (!Number.isInteger(limit) || limit < 1 || limit > 10_000_000)
    throw wrong('Keys must be a whole number from 1 to 10,000,000.', 'It bounds how much is looked at.');
  return {
    redis,
    project: project.trim() === '' ? null : project.trim(),
    views: onlineViews(catalog),
    entity: entityOf(draft.entity),
    limit,
    shown: SHOWN,
  };
}

/** A time as it was typed. Error: `usage`. */
export function comparedAt(text: string): bigint | 'max' {
  if (text.trim() === '' || text.trim() === 'max') return 'max';
  const instant = parseInstant(text);
  if (instant === null) throw wrong(`"${text}" is no time.`, 'Write 2025-03-16T00:00:00Z, or max.');
  return instant;
}
