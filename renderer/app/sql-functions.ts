import { decodeRows } from '../../engine/database/rows';
import type { SqlFunction } from '../editor/types';
import type { EngineSession } from '../store/session';

const FUNCTIONS = `
SELECT function_name AS name, parameters, parameter_types, return_type, description
FROM duckdb_functions()
WHERE function_type IN ('scalar', 'aggregate', 'macro') AND function_name SIMILAR TO '[a-z][a-z0-9_]*'
ORDER BY function_name`;

const known = new WeakMap<EngineSession, () => Promise<readonly SqlFunction[]>>();

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** The engine's functions for completion, one entry a name; the same function object for the same session. */
export function sqlFunctionsOf(session: EngineSession): () => Promise<readonly SqlFunction[]> {
  const ask = known.get(session) ?? (() => read(session));
  known.set(session, ask);
  return ask;
}

async function read(session: EngineSession): Promise<readonly SqlFunction[]> {
  const byName = new Map<string, SqlFunction>();
  for (const row of decodeRows(await session.database.query(FUNCTIONS))) {
    const name = text(row.name);
    if (byName.has(name)) continue;
    const types = Array.isArray(row.parameter_types)
      ? row.parameter_types.map((type) => text(type) || 'any')
      : [];
    const signature = `(${types.join(', ')}) -> ${text(row.return_type) || 'any'}`;
    byName.set(name, { name, signature, description: text(row.description) });
  }
  return [...byName.values()];
}
