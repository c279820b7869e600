import type { CausePart } from './attribution';
import { signed } from './cause-part';
import type { Subject } from './subject';

/** What serving does, as a person would write it. */
export function sentenceOf(subject: Subject, parts: readonly CausePart[], either: boolean): string {
  const said = parts.map((part) => doing(subject, part));
  if (said.length < 2) return `serving ${said.join()}`;
  return either
    ? `in some rows serving ${said[0]}; in others it ${said[1]}`
    : `serving does two things: it ${said[0]}; and it ${said[1]}`;
}

function doing(subject: Subject, part: CausePart): string {
  const isWindow = subject.compiled?.view.kind === 'aggregate';
  switch (part.kind) {
    case 'boundary':
      return boundary(part.to);
    case 'length':
      return `uses a window ${part.times.startsWith('1/') ? `${part.times} as long` : `${part.times} times as long`}`;
    case 'zone': {
      const zone = `times of UTC${signed(part.hours)} read as UTC`;
      const by = `${Math.abs(part.hours)} h ${part.hours > 0 ? 'later' : 'earlier'}`;
      return `takes event times to be ${by} than they are: ${zone}`;
    }
    case 'days':
      return `begins its days at local midnight of UTC${signed(part.hours)}, not at midnight UTC`;
    case 'stale':
      return `reads a copy that is ${words(part.by)} old: the value is that of t - ${part.by}`;
    case 'refresh':
      return part.every === '1d'
        ? 'reads a copy that is made at midnight UTC: the value is that of the last midnight'
        : 'reads a copy that is made every full hour: the value is that of the last full hour';
    case 'late':
      return isWindow
        ? 'counts events that were not yet known at t: it does not ask when they arrived'
        : 'uses rows that were not yet known at t: it does not ask when they arrived';
    case 'ttl':
      return subject.compiled?.view.kind === 'dimension'
        ? 'uses rows that no longer hold at t: it does not look at the end of a row'
        : 'uses rows that are older than the ttl: it has no ttl';
    case 'ties': {
      if (isWindow) return 'takes events of one time in the reverse of their order in the files';
      if (part.takes === 'first') return 'takes of several rows of one time the first in the files';
      const created = subject.compiled?.view.createdTimestamp;
      return `takes of several rows of one time the last in the files: it does not ask for ${created}`;
    }
    case 'duplicates':
      return part.are === 'counted'
        ? 'counts equal values each time: duplicates are not left out'
        : 'counts events once that are equal in every loaded column: duplicates are left out';
    case 'default':
      return part.gives === 'null'
        ? 'gives NULL where nothing is known: the default is not applied'
        : `gives ${part.value} where nothing is known`;
    case 'cast':
      if (part.to === 'float32') return 'keeps the value in 32 bits: 7 of 16 digits are left';
      return part.to === 'truncated'
        ? 'cuts off the fraction: the value is an integer'
        : 'rounds to a whole number: the value is an integer';
  }
}

function boundary(to: Extract<CausePart, { kind: 'boundary' }>['to']): string {
  switch (to) {
    case 'strict':
      return 'does not see a row that lies exactly at t';
    case 'half-open':
      return 'does not count the event at t: its window is open on the right';
    case 'closed':
      return 'counts the event at t: its window is closed on the right';
    case 'open-closed':
      return 'counts the event at t and not the one at the lower edge: its window is closed on the right only';
    case 'sawtooth':
      return "rounds its window's lower edge down: it adds up whole buckets";
    case 'calendar-day':
      return 'counts whole UTC days before that of t';
  }
}

function words(duration: string): string {
  return { '1h': '1 hour', '1d': '1 day', '7d': '7 days' }[duration] ?? duration;
}
