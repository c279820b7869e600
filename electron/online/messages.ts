import type { ErrorRecord } from '../../engine/errors';
import type { InspectJob, InspectResult } from '../../engine/online/inspection';
import type { DifferenceJob, DifferenceResult } from '../../engine/online/view-difference';
import type { LookupJob, MaterializeJob } from '../../engine/online/job';
import type { RedisProbe } from '../../engine/node/redis-probe';
import type { RedisTarget } from '../../engine/node/redis-target';
import type { LookupAnswer, MaterializeResult } from '../../engine/results';

/** What main asks of the Redis process; every ask is answered once under its `id`. */
export type OnlineAsk =
  /** `folder`: the workspace, which keeps journal, state and receipts. */
  | {
      kind: 'dryRun';
      job: string;
      token: string;
      target: RedisTarget;
      folder: string;
      spec: MaterializeJob;
    }
  /** Whether the write of a dry run would be refused, before the user is asked. */
  | { kind: 'checkWrite'; job: string; token: string; dropJournal: boolean }
  | { kind: 'write'; job: string; token: string; dropJournal: boolean }
  | { kind: 'lookup'; target: RedisTarget; spec: LookupJob }
  | { kind: 'inspect'; job: string; target: RedisTarget; spec: InspectJob }
  | { kind: 'difference'; job: string; target: RedisTarget; spec: DifferenceJob }
  | { kind: 'probe'; target: RedisTarget };

export interface OnlineAnswers {
  dryRun: MaterializeResult;
  checkWrite: null;
  write: MaterializeResult;
  lookup: LookupAnswer;
  inspect: InspectResult;
  difference: DifferenceResult;
  probe: RedisProbe;
}

export type ToService =
  | { kind: 'ask'; id: number; ask: OnlineAsk }
  /** Comes with one port. */
  | { kind: 'rows'; job: string; view: string }
  | { kind: 'cancel'; job: string };

export type FromService =
  | { kind: 'answer'; id: number; value: OnlineAnswers[keyof OnlineAnswers] }
  | { kind: 'failure'; id: number; error: ErrorRecord }
  | {
      kind: 'progress';
      job: string;
      phase: string;
      rows: number;
      totalRows: number | null;
      rate: number | null;
      secondsLeft: number | null;
    };

/** What comes over a rows port, and what goes back. */
export type RowsFromPage = Uint8Array | { end: true } | { failed: true };
export type RowsToPage = { ack: number } | { stop: true };
