import { z } from 'zod';
import { PlumblineError } from '../errors';
import { fromUtf8, utf8 } from './byte-writer';
import { storedName } from './hash-field';
import type { MaterializeJob, OnlineView } from './job';
import type { RecordFiles } from './record-files';

const viewState = z.object({
  /** The end of the last write that was verified, microseconds UTC as a decimal string; null = not known. */
  end: z
    .string()
    .regex(/^-?\d+$/)
    .nullable(),
  features: z.array(z.string()),
  /** Features of earlier definitions, whose fields are still in the hashes. */
  former: z.array(z.string()),
  /** Digest of the definition. */
  version: z.string(),
  /** The write that left it so. */
  run: z.string(),
});
const stateSchema = z.object({
  plumbline_online: z.literal(1),
  project: z.string(),
  target: z.string(),
  /** By the name that the view is stored under. */
  views: z.record(z.string(), viewState),
});

export type ViewState = z.infer<typeof viewState>;
/** What a workspace knows of a project in a store: where the next incremental run begins, which fields are old. */
export type OnlineState = z.infer<typeof stateSchema>;

/** The state at `path`, or an empty one. Errors: file.*; `file.failed` when it is none that this version reads. */
export async function readState(
  records: RecordFiles,
  path: string,
  project: string,
  target: string,
): Promise<OnlineState> {
  const bytes = await records.read(path);
  if (bytes === null) return { plumbline_online: 1, project, target, views: {} };
  return parseRecord(stateSchema, bytes, path);
}

export async function writeState(records: RecordFiles, path: string, state: OnlineState): Promise<void> {
  await records.write(path, utf8(`${JSON.stringify(state, null, 2)}\n`));
}

/** A record of ours from its bytes. Error: `file.failed` when it is damaged. */
export function parseRecord<T>(schema: z.ZodType<T>, bytes: Uint8Array, path: string): T {
  try {
    return schema.parse(JSON.parse(fromUtf8(bytes)));
  } catch (cause) {
    throw new PlumblineError('file.failed', `${path} is damaged, or of a newer Plumbline.`, {
      cause,
      hint: 'It holds what this workspace knows of its writes. Delete it: the next run is then a full one.',
    });
  }
}

/** The state after a verified write of a job. */
export function stateAfter(before: OnlineState, job: MaterializeJob, run: string): OnlineState {
  const views = { ...before.views };
  for (const view of job.views) {
    const name = storedName(view);
    views[name] = viewAfter(views[name], view, run);
  }
  return { ...before, views };
}

function viewAfter(before: ViewState | undefined, view: OnlineView, run: string): ViewState {
  const features = view.features.map(({ name }) => name);
  return {
    end: laterOf(before?.end ?? null, view.range?.end ?? null),
    features,
    former: formerFeatures(before, view),
    version: view.definition ?? '',
    run,
  };
}

/** A run of the past does not make the next incremental one do the later rows again. */
function laterOf(before: string | null, now: string | null): string | null {
  if (before === null || now === null) return before ?? now;
  return BigInt(before) > BigInt(now) ? before : now;
}

/** Features that were written under the view once and are no part of it any more. */
export function formerFeatures(before: ViewState | undefined, view: OnlineView): string[] {
  const now = new Set(view.features.map(({ name }) => name));
  const known = new Set([...(before?.features ?? []), ...(before?.former ?? [])]);
  return [...known].filter((name) => !now.has(name)).sort();
}
