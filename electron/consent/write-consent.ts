import type { RedisTarget } from '../../engine/node/redis-target';
import type { MaterializeJob } from '../../engine/online/job';
import type { MaterializeResult } from '../../engine/results';
import type { Question } from './consent-dialogs';

/** The question before a Redis write: where to, what, how much, and what it overwrites. All from main's own record. */
export function writeQuestion(target: RedisTarget, job: MaterializeJob, dryRun: MaterializeResult): Question {
  const count = (value: number) => value.toLocaleString('en-US');
  const writes = dryRun.added + dryRun.changed;
  return {
    type: 'warning',
    message: `Write ${count(writes)} feature rows to Redis at ${printable(target.host)}:${target.port}?`,
    detail: [
      `Server: ${printable(target.host)}:${target.port}, database ${target.db}${target.tls ? ', TLS' : ''}`,
      `Connection: ${job.redis}`,
      `Project: ${printable(job.project)}`,
      `Views: ${job.views.map(({ view }) => view).join(', ')}`,
      '',
      `Entities compared: ${count(dryRun.entities)}`,
      `Added: ${count(dryRun.added)}`,
      `Changed: ${count(dryRun.changed)}`,
      `Stored values overwritten by NULL: ${count(dryRun.null_overwrites)}`,
      `Skipped, stored is newer: ${count(dryRun.skipped_older)}; equal: ${count(dryRun.skipped_equal)}`,
    ].join('\n'),
    yes: 'Write to Redis',
    no: 'Cancel',
  };
}

/** Letters that look like others, and characters that reorder text, are shown as their code. */
function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/gu, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`);
}
