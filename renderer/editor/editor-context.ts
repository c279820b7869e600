import type { EditorContext, SqlFunction } from './types';

const EMPTY: EditorContext = {
  catalog: {
    sources: new Map(),
    entities: new Map(),
    views: new Map(),
    onDemandViews: new Map(),
    trainingSets: new Map(),
    skews: new Map(),
    drifts: new Map(),
    audits: new Map(),
    materializations: new Map(),
    backfills: new Map(),
    replays: new Map(),
    lookups: new Map(),
    queries: new Map(),
    charts: new Map(),
  },
  columns: new Map(),
  redis: [],
  files: [],
};

let current = EMPTY;
let functions: Promise<readonly SqlFunction[]> | null = null;

/** What completion and hover tell from now on. Call whenever the catalog, the columns or the connections change. */
export function setEditorContext(context: EditorContext): void {
  if (context.functions !== current.functions) functions = null;
  current = context;
}

export function editorContext(): EditorContext {
  return current;
}

/** The engine's SQL functions, asked for once; none when the engine cannot tell. A failure is asked again. */
export async function sqlFunctions(): Promise<readonly SqlFunction[]> {
  if (current.functions === undefined) return [];
  functions ??= current.functions();
  try {
    return await functions;
  } catch {
    functions = null;
    return [];
  }
}
