import type { CausePart } from './attribution';

/** The stable id of a part. */
export function partId(part: CausePart): string {
  switch (part.kind) {
    case 'boundary':
    case 'cast':
      return `${part.kind}:${part.to}`;
    case 'length':
      return `length:x${part.times}`;
    case 'zone':
    case 'days':
      return `${part.kind}:${signed(part.hours)}h`;
    case 'stale':
      return `stale:${part.by}`;
    case 'refresh':
      return `refresh:${part.every}`;
    case 'late':
    case 'ttl':
      return part.kind;
    case 'ties':
      return `ties:${part.takes}`;
    case 'duplicates':
      return `duplicates:${part.are}`;
    case 'default':
      return part.gives === 'null' ? 'default:null' : `default:${part.value}`;
  }
}

/** The stable id of one or two parts. */
export function causeId(parts: readonly CausePart[], either: boolean): string {
  return parts.map(partId).join(either ? ' or ' : ' + ');
}

export function signed(hours: number): string {
  return hours < 0 ? String(hours) : `+${hours}`;
}
