/** Where the cursor stands in a YAML cell: the keys above it, outermost first, and the word being typed. */
export interface YamlPath {
  keys: string[];
  /** The value's text left of the cursor, without quotes: `event_type = 'comp`. */
  before: string;
  /** Whether the cursor is where a value goes; false while a key is being typed. */
  inValue: boolean;
}

const KEY = /^(\s*(?:-\s+)*)([\w-]+):(?:\s|$)/;

/**
 * Finds the place by indentation and brackets instead of parsing, because text under the cursor is mostly not yet
 * valid YAML. `line` and `column` count from 1.
 */
export function yamlPathAt(text: string, line: number, column: number): YamlPath {
  const lines = text.split('\n');
  const left = (lines[line - 1] ?? '').slice(0, column - 1);
  const own = KEY.exec(left);
  const indent = own === null ? indentOf(left) : own[1]!.length;
  const parents = parentKeys(lines, line - 1, own === null ? dashIndent(left) : indent);
  if (own === null && insideText(lines, line - 1))
    return { keys: parents, before: left.trimStart(), inValue: true };
  const rest =
    own === null ? left.slice(dashIndent(left)).replace(/^(-\s*)+/, '') : left.slice(own[0].length);
  const flow = flowPath(rest);
  const keys = own === null ? parents : [...parents, own[2]!];
  const isItem = own === null && /^\s*-/.test(left);
  return {
    keys: [...keys, ...flow.keys],
    before: flow.before,
    inValue: own !== null ? flow.inValue : isItem || flow.depth > 0 ? flow.inValue : false,
  };
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

/** A list item's dash may stand as far left as its key. */
function dashIndent(line: string): number {
  const indent = indentOf(line);
  return /^\s*-/.test(line) ? indent + 1 : indent;
}

/** Keys of the lines above that the given indentation lies under. */
function parentKeys(lines: string[], from: number, indent: number): string[] {
  const keys: string[] = [];
  let limit = indent;
  for (let at = from - 1; at >= 0 && limit > 0; at--) {
    const line = lines[at]!;
    if (line.trim() === '' || line.trimStart().startsWith('#')) continue;
    const key = KEY.exec(line);
    if (key === null || key[1]!.length >= limit) continue;
    keys.unshift(key[2]!);
    limit = key[1]!.length;
  }
  return keys;
}

/** Whether the line belongs to a `|` or `>` text, where colons and brackets mean nothing. */
function insideText(lines: string[], from: number): boolean {
  let limit = indentOf(lines[from] ?? '');
  for (let at = from - 1; at >= 0 && limit > 0; at--) {
    const line = lines[at]!;
    if (line.trim() === '' || indentOf(line) >= limit) continue;
    if (/:\s*[|>][-+0-9]*\s*(#.*)?$/.test(line)) return true;
    limit = indentOf(line);
  }
  return false;
}

interface FlowPlace {
  keys: string[];
  before: string;
  inValue: boolean;
  depth: number;
}

/** Follows `{ of: { count: "*", where: event_ty` to its innermost key. */
function flowPath(text: string): FlowPlace {
  const stack: { bracket: string; key: string | null }[] = [];
  let key: string | null = null;
  let word = '';
  let quote: string | null = null;
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!;
    if (quote !== null) {
      if (char === quote) quote = null;
      word += char;
    } else if (char === '"' || char === "'") {
      quote = char;
      word += char;
    } else if (char === '#' && /\s/.test(text[at - 1] ?? ' ')) {
      return { keys: [], before: '', inValue: false, depth: stack.length };
    } else if ((char === '{' || char === '[') && word.trim() === '') {
      stack.push({ bracket: char, key });
      key = null;
      word = '';
    } else if ((char === '}' || char === ']') && stack.length > 0) {
      key = stack.pop()!.key;
      word = '';
    } else if (char === ',' && stack.length > 0) {
      key = null;
      word = '';
    } else if (
      char === ':' &&
      stack.at(-1)?.bracket === '{' &&
      key === null &&
      /[\s]|^$/.test(text[at + 1] ?? '')
    ) {
      key = word.trim();
      word = '';
    } else word += char;
  }
  const keys = [...stack.map((open) => open.key), key].filter((part) => part !== null);
  const inMap = stack.at(-1)?.bracket === '{';
  const before = word.trimStart().replace(/^["'](?=[^"']*$)/, '');
  return { keys, before, inValue: !inMap || key !== null, depth: stack.length };
}

/** The text of a top-level `key: value` line, unquoted; null when there is none. */
export function topLevelValue(text: string, key: string): string | null {
  const found = new RegExp(`^${key}:[ \\t]+(.+?)[ \\t]*(?:#.*)?$`, 'm').exec(text);
  return found === null ? null : found[1]!.replace(/^(["'])(.*)\1$/, '$2');
}
