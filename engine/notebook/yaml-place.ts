import { isAlias, isCollection, isMap, isScalar, isSeq, Scalar, type Node, type Pair } from 'yaml';
import { rangeOf, type YamlBody, type YamlPath } from './yaml-body';

interface Found {
  pair: Pair | null;
  node: unknown;
  /** Whether the whole path was there; else this is the deepest part of it that is. */
  complete: boolean;
}

function find(body: YamlBody, path: YamlPath): Found {
  let found: Found = { pair: null, node: body.document?.contents ?? null, complete: true };
  for (const step of path) {
    const node =
      isAlias(found.node) && body.document !== null ? found.node.resolve(body.document) : found.node;
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(step));
      if (pair === undefined) return { ...found, complete: false };
      found = { pair, node: pair.value, complete: true };
    } else if (isSeq(node) && typeof step === 'number' && step in node.items) {
      found = { pair: null, node: node.items[step], complete: true };
    } else return { ...found, complete: false };
  }
  return found;
}

/**
 * Offsets in a cell's YAML of what a path names: its key, or its value. The value of a collection or of nothing
 * is shown by its key. A path that is not there gives the deepest part of it that is.
 */
export function rangeAt(
  body: YamlBody,
  path: YamlPath,
  what: 'key' | 'value',
): { start: number; end: number } {
  const { pair, node, complete } = find(body, path);
  const empty = node === null || (isScalar(node) && node.range?.[0] === node.range?.[1]);
  if (pair !== null && (what === 'key' || !complete || empty || isCollection(node))) return rangeOf(pair.key);
  if (pair === null && path.length === 0 && isCollection(node)) return firstLine(body, node);
  if (pair === null && isCollection(node)) return firstLine(body, node);
  if (node === null) return { start: 0, end: 1 };
  return trimmed(body, rangeOf(node));
}

function firstLine(body: YamlBody, node: Node): { start: number; end: number } {
  const { start, end } = rangeOf(node);
  const line = body.text.indexOf('\n', start);
  return { start, end: line === -1 ? end : Math.max(start + 1, Math.min(end, line)) };
}

function trimmed(body: YamlBody, range: { start: number; end: number }): { start: number; end: number } {
  let end = range.end;
  while (end > range.start + 1 && /\s/.test(body.text[end - 1] ?? '')) end--;
  return { start: range.start, end };
}

/**
 * Offsets in a cell's YAML of `range` inside the text of the scalar at `path` (as its value reads: escapes
 * resolved, lines joined). Falls back to the whole scalar where there is none.
 */
export function rangeInside(
  body: YamlBody,
  path: YamlPath,
  range: { offset: number; length: number },
): { start: number; end: number } {
  const { node, complete } = find(body, path);
  const target = isAlias(node) && body.document !== null ? node.resolve(body.document) : node;
  if (!complete || !isScalar(target)) return rangeAt(body, path, 'value');
  const map = offsetsOf(body, target);
  if (map === null || map.length === 0) return rangeAt(body, path, 'value');
  const last = map.length - 1;
  const start = map[Math.max(0, Math.min(range.offset, last))] ?? 0;
  const endAt = Math.max(range.offset + 1, range.offset + range.length);
  const end = (map[Math.max(0, Math.min(endAt - 1, last))] ?? start) + 1;
  return { start, end: Math.max(end, start + 1) };
}

/** For each UTF-16 unit of a scalar's value, the offset of the source text that gave it. */
function offsetsOf(body: YamlBody, node: Scalar): number[] | null {
  if (typeof node.value !== 'string' || !node.range) return null;
  const [start, end] = node.range;
  switch (node.type) {
    case Scalar.BLOCK_LITERAL:
    case Scalar.BLOCK_FOLDED:
      return blockOffsets(body.text, start, end, node.value);
    case Scalar.QUOTE_DOUBLE:
      return flowOffsets(body.text, start + 1, end - 1, node.value, 'double');
    case Scalar.QUOTE_SINGLE:
      return flowOffsets(body.text, start + 1, end - 1, node.value, 'single');
    default:
      return flowOffsets(body.text, start, end, node.value, 'plain');
  }
}

function blockOffsets(text: string, start: number, end: number, value: string): number[] {
  const offsets: number[] = [];
  let at = text.indexOf('\n', start) + 1;
  if (at === 0) return offsets;
  const first = text.slice(at, end).split('\n');
  const explicit = /[1-9]/.exec(text.slice(start, at));
  const content = first.find((line) => line.trim() !== '') ?? '';
  const indent = explicit === null ? content.length - content.trimStart().length : null;
  let atLineStart = true;
  for (const char of splitUnits(value)) {
    if (atLineStart && char !== '\n') at += Math.min(indent ?? 0, spacesAt(text, at));
    if (indent === null && atLineStart) while (at < end && text[at] !== char) at++;
    // A folded line end reads as one space; further blank lines read as line ends of their own.
    offsets.push(Math.min(at, Math.max(start, end - 1)));
    const source = text[at];
    atLineStart = source === '\n';
    at++;
    if (char === '\n' && source === '\n' && text[at] === '\n' && !value.startsWith('\n', offsets.length))
      at++;
  }
  return offsets;
}

function spacesAt(text: string, at: number): number {
  let count = 0;
  while (text[at + count] === ' ') count++;
  return count;
}

function splitUnits(value: string): string[] {
  return value.split('');
}

function flowOffsets(
  text: string,
  start: number,
  end: number,
  value: string,
  style: 'plain' | 'single' | 'double',
): number[] {
  const offsets: number[] = [];
  let at = start;
  while (at < end && offsets.length < value.length) {
    const char = text[at] ?? '';
    const fold = /^[ \t]*\n[ \t\n]*/.exec(text.slice(at, end));
    if (fold !== null) {
      const breaks = fold[0].split('\n').length - 1;
      for (let i = 0; i < Math.max(1, breaks - 1); i++) offsets.push(at);
      at += fold[0].length;
    } else if (style === 'single' && char === "'" && text[at + 1] === "'") {
      offsets.push(at);
      at += 2;
    } else if (style === 'double' && char === '\\') {
      const escape = /^\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|\n[ \t]*|[\s\S])/.exec(
        text.slice(at, end),
      );
      const length = escape?.[0].length ?? 1;
      const units = escape?.[0].startsWith('\\\n') ? 0 : unitsOf(escape?.[0] ?? '');
      for (let i = 0; i < units; i++) offsets.push(at);
      at += length;
    } else {
      offsets.push(at);
      at++;
    }
  }
  return offsets;
}

function unitsOf(escape: string): number {
  return escape.startsWith('\\U') && Number.parseInt(escape.slice(2), 16) > 0xffff ? 2 : 1;
}
