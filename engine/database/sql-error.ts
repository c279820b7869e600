import { PlumblineError } from '../errors';

/** Begins what the engine says when SQL reads a source that it does not hold for its size. */
export const TOO_LARGE = 'source.too_large: ';

/**
 * What DuckDB said, as an error from the list. Places count lines and columns from 1 in the SQL that was sent, minus
 * `shift` characters that were put before its first line.
 */
export function sqlError(thrown: unknown, shift = 0): PlumblineError {
  if (thrown instanceof PlumblineError) return thrown;
  const { kind, text } = readMessage(thrown instanceof Error ? thrown.message : String(thrown));
  const place = caretPlace(text, shift);
  const message = withoutListing(text);
  const details = { cause: thrown, ...(place ? { place } : {}) };
  if (message.startsWith(TOO_LARGE))
    return new PlumblineError('source.too_large', message.slice(TOO_LARGE.length), {
      cause: thrown,
      hint: 'Training sets compute from it all the same, in chunks. For SQL over it, write a smaller Parquet file (fewer columns, a shorter time range, one row per day) and declare that as a source.',
    });
  if (isForbidden(kind, text))
    return new PlumblineError('sql.forbidden', message, {
      ...details,
      hint: /icu/.test(text)
        ? ZONE_HINT
        : 'The engine is locked: SQL reads the sources of the notebook, no other files, networks, extensions or settings. Add a source cell for the file.',
    });
  if (kind === 'Parser')
    return new PlumblineError('sql.syntax', message, {
      ...details,
      hint: 'Check the SQL at the marked place.',
    });
  if (kind === 'Binder' || kind === 'Catalog')
    return new PlumblineError('sql.bind', message, { ...details, hint: bindHint(text) });
  // What does not fit while a statement is committed is told as an error of the transaction.
  if (kind === 'Out of Memory' || /could not allocate block of size/.test(text))
    return new PlumblineError('engine.out_of_memory', message, {
      ...details,
      hint: 'Select fewer columns or rows, or work on a shorter time range.',
    });
  return new PlumblineError('sql.failed', message, {
    ...details,
    hint: 'The statement is well formed; a value of the data or an operation on it failed.',
  });
}

const ZONE_HINT =
  'The engine knows no time zones. Times of sources are plain TIMESTAMP in UTC; cast others first, for instance now()::TIMESTAMP.';

/** `Binder Error: text`, or the JSON object that parser errors come as. */
function readMessage(raw: string): { kind: string; text: string } {
  if (raw.startsWith('{"exception_type"')) {
    try {
      const parsed = JSON.parse(raw) as { exception_type: string; exception_message: string };
      return { kind: parsed.exception_type, text: parsed.exception_message };
    } catch {
      return { kind: '', text: raw };
    }
  }
  const match = /^([A-Z][A-Za-z ]*?) Error: /.exec(raw);
  if (match?.[1] !== undefined) return { kind: match[1], text: raw.slice(match[0].length) };
  if (/memory access out of bounds|bad_alloc|Out of Memory/i.test(raw))
    return { kind: 'Out of Memory', text: raw };
  if (raw === 'no statements') return { kind: 'Parser', text: 'There is no SQL statement here' };
  return { kind: '', text: raw };
}

function isForbidden(kind: string, text: string): boolean {
  if (kind === 'Permission') return true;
  if (/configuration has been locked|disabled (through|by) configuration|Opening file '/i.test(text))
    return true;
  return /exists in the \w+ extension/.test(text);
}

/** DuckDB prints `LINE n: <text>` and a caret under the place. Long lines are cut at both ends. */
function caretPlace(text: string, shift: number): { line: number; column: number } | null {
  const match = /\nLINE (\d+): ([^\n]*)\n( *)\^/.exec(text);
  if (!match?.[1] || match[2] === undefined || match[3] === undefined) return null;
  const line = Number(match[1]);
  const column = match[3].length - `LINE ${match[1]}: `.length + 1;
  if (match[2].startsWith('...')) return { line, column: 1 };
  return { line, column: Math.max(1, line === 1 ? column - shift : column) };
}

function withoutListing(text: string): string {
  return text
    .split(/\n+LINE \d+:/)[0]!
    .split(/\n\nPlease try installing/)[0]!
    .trim();
}

function bindHint(text: string): string {
  const candidates = /Candidate (?:bindings|functions|tables|Entries)?:?\s*([^\n]+)/i.exec(text)?.[1];
  const meant = /Did you mean "([^"]+)"/.exec(text)?.[1];
  if (meant !== undefined) return `Did you mean "${meant}"?`;
  if (candidates !== undefined) return `Names that exist here: ${candidates.trim()}.`;
  return 'Check the names against the catalog.';
}
