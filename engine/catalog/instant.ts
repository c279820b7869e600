const PATTERN =
  /^(\d{4})-(\d{2})-(\d{2})(?:[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,6}))?)?[ ]?([Zz]|[+-]\d{2}(?::?\d{2})?)?)?$/;

/**
 * Microseconds since 1970 UTC of an ISO 8601 date or time with up to six fraction digits; without a zone it is
 * UTC. null when it is none, or names a day or hour that does not exist.
 */
export function parseInstant(text: string): bigint | null {
  const match = PATTERN.exec(text.trim());
  if (match === null) return null;
  const [, year, month, day, hour = '00', minute = '00', second = '00', fraction = '', zone = 'Z'] = match;
  const wall = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  const milliseconds = Date.parse(`${wall}Z`);
  if (Number.isNaN(milliseconds) || new Date(milliseconds).toISOString().slice(0, 19) !== wall) return null;
  const shift = zoneMinutes(zone);
  if (shift === null) return null;
  return BigInt(milliseconds) * 1000n + BigInt(fraction.padEnd(6, '0')) - BigInt(shift) * 60_000_000n;
}

function zoneMinutes(zone: string): number | null {
  if (/^[Zz]$/.test(zone)) return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(3).replace(':', '') || '0');
  if (hours > 14 || minutes > 59) return null;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}

/** Microseconds UTC as `2025-03-16T00:00:00.000000Z`. */
export function isoMicroseconds(instant: bigint): string {
  const micros = ((instant % 1_000_000n) + 1_000_000n) % 1_000_000n;
  const seconds = Number((instant - micros) / 1_000_000n);
  const whole = new Date(seconds * 1000).toISOString().slice(0, 19);
  return `${whole}.${micros.toString().padStart(6, '0')}Z`;
}
