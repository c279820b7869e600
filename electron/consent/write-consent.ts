import { describeTarget, type RedisTarget } from '../../engine/node/redis-target';
import type { MaterializeJob } from '../../engine/online/job';
import type { InterruptedWrite, MaterializeResult } from '../../engine/results';
import type { Question } from './consent-dialogs';

/** What is asked before a Redis write, one after the other: each needs a yes. */
export function writeQuestions(
  target: RedisTarget,
  job: MaterializeJob,
  dryRun: MaterializeResult,
  dropJournal: boolean,
): Question[] {
  const write = writeQuestion(target, job, dryRun, dropJournal);
  return dropJournal && dryRun.interrupted !== null
    ? [dropQuestion(job, dryRun.interrupted), write]
    : [write];
}

/** The question before the journal of an interrupted write is given up, which nothing brings back. */
function dropQuestion(job: MaterializeJob, interrupted: InterruptedWrite): Question {
  const { startedAt, acknowledged, rows, same_plan } = interrupted;
  return {
    type: 'warning',
    message: `Give up the interrupted write of ${job.cell}?`,
    detail: [
      `It began ${startedAt} and stopped after ${count(acknowledged)} of ${count(rows)} rows. What it wrote stays in Redis and is compared anew.`,
      same_plan
        ? 'It could still be gone on with: the plan is the same.'
        : 'Once it is given up, it cannot be gone on with, even if definitions and data are restored.',
    ].join('\n\n'),
    yes: 'Give it up',
    no: 'Cancel',
  };
}

const count = (value: number): string => value.toLocaleString('en-US');

/** The question before a Redis write: where to, what, how much, and what it overwrites. All from main's own record. */
export function writeQuestion(
  target: RedisTarget,
  job: MaterializeJob,
  dryRun: MaterializeResult,
  dropJournal = false,
): Question {
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
function interruptedLines(interrupted: InterruptedWrite | null, dropJournal: boolean): string[] {
  if (interrupted === null) return [];
  const { startedAt, acknowledged, rows } = interrupted;
  const stopped = `the write of ${startedAt}, which stopped after ${count(acknowledged)} of ${count(rows)} rows`;
  return ['', dropJournal ? `This gives up ${stopped}.` : `This goes on with ${stopped}.`];
}

/** Letters that look like others, and characters that reorder text, are shown as their code. */
function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/gu, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`);
}
