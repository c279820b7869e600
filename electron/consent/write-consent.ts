import { describeTarget, type RedisTarget } from '../../engine/node/redis-target';
import type { MaterializeJob } from '../../engine/online/job';
import type { MaterializeResult } from '../../engine/results';
import type { Question } from './consent-dialogs';

/** The question before a Redis write: where to, what, how much, and what it overwrites. All from main's own record. */
export function writeQuestion(
  target: RedisTarget,
  job: MaterializeJob,
  dryRun: MaterializeResult,
  dropJournal = false,
): Question {
  const count = (value: number) => value.toLocaleString('en-US');
  const writes = dryRun.added + dryRun.changed + dryRun.replaced;
  return {
    type: 'warning',
    message: `Write ${count(writes)} feature rows to Redis at ${printable(target.host)}:${target.port}?`,
    detail: [
      `Server: ${printable(describeTarget(target))}${target.tls ? ', TLS' : ''}`,
      `Connection: ${job.redis}`,
      `Project: ${printable(job.project)}`,
      `Views: ${job.views.map(({ view }) => view).join(', ')}`,
      '',
      `Entities compared: ${count(dryRun.entities)}`,
      `Added: ${count(dryRun.added)}`,
      `Changed: ${count(dryRun.changed)}`,
      ...(job.replace === 'equal'
        ? [`Overwritten though the event time is the same (replace: equal): ${count(dryRun.replaced)}`]
        : []),
      `Stored values overwritten by NULL: ${count(dryRun.null_overwrites)}`,
      `Skipped, stored is newer: ${count(dryRun.skipped_older)}; equal: ${count(dryRun.skipped_equal)}`,
      `Bytes to send: ${count(dryRun.bytes)}`,
      ...((job.expire ?? null) === null
        ? []
        : [
            `Every hash that is written expires ${count(job.expire ?? 0)} seconds later, with all views in it.`,
          ]),
      ...interruptedLines(dryRun.interrupted, dropJournal),
    ].join('\n'),
    yes: 'Write to Redis',
    no: 'Cancel',
  };
}

/** What becomes of an earlier write that did not end. */
function interruptedLines(interrupted: MaterializeResult['interrupted'], dropJournal: boolean): string[] {
  if (interrupted === null) return [];
  const { startedAt, acknowledged, rows } = interrupted;
  const stopped = `the write of ${startedAt}, which stopped after ${acknowledged.toLocaleString('en-US')} of ${rows.toLocaleString('en-US')} rows`;
  return ['', dropJournal ? `This gives up ${stopped}.` : `This goes on with ${stopped}.`];
}

/** Letters that look like others, and characters that reorder text, are shown as their code. */
function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/gu, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`);
}
