import { isMap, isScalar, isSeq, parseDocument, type Node, type ParsedNode } from 'yaml';
import type { YamlPath } from './yaml-body';
import { yamlRefusal } from './yaml-limits';

/**
 * The YAML keys that lead to an offset of a cell's body, for completion and hover, also while the text is half
 * written. On a key or its value the path ends with that key; on an empty or half-written line it is the path of
 * the mapping that the line's indentation belongs to. Items of lists are their numbers from 0.
 */
export function cellPathAt(body: string, offset: number): YamlPath {
  const at = Math.max(0, Math.min(offset, body.length));
  const start = body.lastIndexOf('\n', at - 1) + 1;
  const stop = body.indexOf('\n', at);
  const line = body.slice(start, stop === -1 ? body.length : stop);
  const unfinished = /^[ ]*(?:- +)*[\w-]*[ ]*$/.test(line) && !isInText(body, at);
  if (unfinished) return pathByIndent(body.slice(0, start), line);
  return pathInTree(body, at) ?? pathByIndent(body.slice(0, start), line);
}

function tree(body: string): ParsedNode | null {
  if (yamlRefusal(body) !== null) return null;
  try {
    return parseDocument(body, { prettyErrors: false, logLevel: 'silent' }).contents;
  } catch {
    return null;
  }
}

function pathInTree(body: string, at: number): YamlPath | null {
  const path: YamlPath = [];
  let node: Node | null = tree(body);
  if (node === null) return null;
  for (;;) {
    if (isMap(node)) {
      const pair = node.items.findLast((item) => startOf(item.key) <= at);
      if (pair === undefined || !isScalar(pair.key)) return path;
      const last = (pair.value as Node | null)?.range?.[2] ?? pair.key.range?.[2] ?? 0;
      if (node.flow === true && at > Math.max(last, (pair.key.range?.[1] ?? 0) + 1)) return path;
      path.push(String(pair.key.value));
      if (at <= (pair.key.range?.[1] ?? 0)) return path;
      node = pair.value as Node | null;
    } else if (isSeq(node)) {
      const index = node.items.findLastIndex((item) => startOf(item) <= at);
      if (index === -1) return path;
      path.push(index);
      node = node.items[index] as Node;
    } else return path;
  }
}

function startOf(node: unknown): number {
  return (node as Partial<Node> | null)?.range?.[0] ?? Infinity;
}

/** Whether an offset lies in a text of several lines, where words are no keys. */
function isInText(body: string, at: number): boolean {
  let node: Node | null = tree(body);
  while (node !== null && !isScalar(node)) {
    const inner: unknown = isMap(node)
      ? node.items.findLast((item) => startOf(item.key) <= at)?.value
      : isSeq(node)
        ? node.items.findLast((item) => startOf(item) <= at)
        : null;
    node = (inner as Node | null | undefined) ?? null;
  }
  if (node === null || !isScalar(node) || !node.range) return false;
  const [start, end] = node.range;
  return (
    /^(BLOCK|QUOTE)/.test(node.type ?? '') && at > start && at <= end && body.slice(start, at).includes('\n')
  );
}

/** The path of what a new key on a line with this indentation would belong to. */
function pathByIndent(above: string, line: string): YamlPath {
  const path: YamlPath = [];
  const own = /^ */.exec(line)?.[0].length ?? 0;
  const dashes = /^ *(?:- +)/.test(line);
  let limit = own;
  const lines = above.split('\n');
  if (dashes) path.unshift(itemNumber(lines, own));
  for (let i = lines.length - 1; i >= 0; i--) {
    const match = /^( *)((?:- +)*)(?:"([^"]*)"|'([^']*)'|([^\s#:][^:#]*?)) *:(?: |$)/.exec(lines[i] ?? '');
    const key = match?.[3] ?? match?.[4] ?? match?.[5];
    if (match === null || key === undefined) continue;
    const dash = match[1]?.length ?? 0;
    const indent = dash + (match[2]?.length ?? 0);
    const nested = indent < limit || (dashes && path.length === 1 && indent === limit && match[2] === '');
    if (nested) {
      path.unshift(key);
      limit = indent;
    }
    if (match[2] !== '' && dash < limit && indent <= limit && (nested || indent === limit)) {
      path.unshift(itemNumber(lines.slice(0, i), dash));
      limit = dash + 1;
    }
    if (limit === 0) break;
  }
  return path;
}

/** How many items stand at this indentation right above. */
function itemNumber(lines: readonly string[], indent: number): number {
  let count = 0;
  for (let i = lines.length - 1; i >= 0; i--) {
    const line = lines[i] ?? '';
    if (line.trim() === '') continue;
    const at = line.length - line.trimStart().length;
    if (at < indent || (at === indent && !line.startsWith('-', at))) break;
    if (at === indent) count++;
  }
  return count;
}
