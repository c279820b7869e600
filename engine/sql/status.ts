import { STATUSES } from '../results';
import { literal } from './literal';

/**
 * A status as Plumbline's own tables store it: a byte, where text takes sixteen. No ENUM can leave the engine, so what
 * is read of such a table casts it back to VARCHAR.
 */
export function storedStatus(status: string): string {
  return `CAST(${status} AS ENUM(${STATUSES.map(literal).join(', ')}))`;
}
