import { isMap, isScalar, stringify, type Node, type Pair, type YAMLMap } from 'yaml';
import { parseYaml, type YamlBody, type YamlPath } from './yaml-body';

type YamlScalar = string | number | bigint | boolean;

/** One change of a cell's YAML: what stands at the path, its removal, or another name for its key. */
export type YamlEdit = { path: YamlPath } & ({ value: YamlScalar } | { remove: true } | { rename: string });

type OwnPair = Pair<Node, Node | null>;
interface Splice {
  start: number;
  end: number;
  text: string;
}

/** Keys that are read together: a new one is put behind the other. */
const BEHIND: Readonly<Record<string, string>> = { boundary: 'window', offset: 'window' };

/**
 * Changes what the edits name and no other character: comments, order and layout stay. Each is checked by reading the text
 * again; null where one of them cannot be made that way.
 */
export function editYaml(text: string, edits: readonly YamlEdit[]): string | null {
  let now = text;
  for (const edit of edits) {
    const body = parseYaml(now);
    if (body.document === null || body.problems.length > 0) return null;
    const splice = spliceOf(body, edit);
    if (splice === null) return null;
    const next = now.slice(0, splice.start) + splice.text + now.slice(splice.end);
    const read = parseYaml(next);
    if (read.problems.length > 0 || !sameData(read.data, edited(body.data, edit))) return null;
    now = next;
  }
  return now;
}

function spliceOf(body: YamlBody, edit: YamlEdit): Splice | null {
  let map: unknown = body.document!.contents;
  for (const step of edit.path.slice(0, -1)) map = isMap(map) ? pairOf(map, step)?.value : null;
  const key = edit.path.at(-1);
  if (!isMap(map) || key === undefined) return null;
  const pair = pairOf(map, key);
  if ('value' in edit) {
    const printed = print(edit.value, map.flow === true);
    if (pair === undefined) return added(body.text, map, String(key), printed);
    const { value } = pair;
    if (!isScalar(value) || !value.range) return null;
    return {
      start: value.range[0],
      end: value.range[1],
      text: value.range[0] === value.range[1] ? ` ${printed}` : printed,
    };
  }
  if (pair === undefined) return null;
  if ('rename' in edit) {
    const [start, end] = pair.key.range!;
    return { start, end, text: print(edit.rename, map.flow === true) };
  }
  return removed(body.text, map, pair);
}

function pairOf(map: YAMLMap, key: string | number): OwnPair | undefined {
  return pairsOf(map).find((pair) => isScalar(pair.key) && String(pair.key.value) === String(key));
}

function pairsOf(map: YAMLMap): OwnPair[] {
  return map.items as OwnPair[];
}

function print(value: YamlScalar, inFlow: boolean): string {
  if (typeof value !== 'string') return String(value);
  return inFlow && /[,[\]{}]/.test(value)
    ? JSON.stringify(value)
    : stringify(value, { lineWidth: 0 }).trimEnd();
}

function endOf(pair: OwnPair): number {
  return (pair.value?.range ?? pair.key.range!)[1];
}

function added(text: string, map: YAMLMap, key: string, value: string): Splice | null {
  const pairs = pairsOf(map);
  const entry = `${print(key, map.flow === true)}: ${value}`;
  const [first] = pairs;
  if (first === undefined) {
    const at = map.range![0] + 1;
    return { start: at, end: at, text: ` ${entry} ` };
  }
  if (map.flow === true) {
    const at = endOf(pairOf(map, BEHIND[key] ?? '') ?? pairs.at(-1)!);
    return { start: at, end: at, text: `, ${entry}` };
  }
  const start = first.key.range![0];
  const indent = ' '.repeat(start - (text.lastIndexOf('\n', start - 1) + 1));
  const onOneLine = (pair: OwnPair): boolean =>
    isScalar(pair.value) && !text.slice(pair.key.range![0], endOf(pair)).includes('\n');
  const behind = [pairOf(map, BEHIND[key] ?? ''), pairs.findLast(onOneLine)].find(
    (pair) => pair !== undefined && onOneLine(pair),
  );
  if (behind === undefined) return { start, end: start, text: `${entry}\n${indent}` };
  const at = lineEnd(text, endOf(behind));
  return { start: at, end: at, text: `\n${indent}${entry}` };
}

function removed(text: string, map: YAMLMap, pair: OwnPair): Splice | null {
  const pairs = pairsOf(map);
  const at = pairs.indexOf(pair);
  const start = pair.key.range![0];
  if (map.flow === true) {
    if (at > 0) return { start: endOf(pairs[at - 1]!), end: endOf(pair), text: '' };
    const next = pairs[1];
    return { start, end: next === undefined ? endOf(pair) : next.key.range![0], text: '' };
  }
  const line = text.lastIndexOf('\n', start - 1) + 1;
  // What stands before it on its line, as the dash of a list, is not its own.
  if (text.slice(line, start).trim() !== '' || pairs.length === 1) return null;
  const end = lineEnd(text, Math.max(start, endOf(pair) - 1));
  if (end < text.length) return { start: line, end: end + 1, text: '' };
  return { start: Math.max(0, line - 1), end, text: '' };
}

function lineEnd(text: string, from: number): number {
  const at = text.indexOf('\n', from);
  return at < 0 ? text.length : at;
}

/** What the data must be after the edit. */
function edited(data: unknown, edit: YamlEdit): unknown {
  const [key, ...rest] = edit.path;
  const map = (data ?? {}) as Record<string, unknown>;
  const name = String(key);
  if (rest.length > 0) return { ...map, [name]: edited(map[name], { ...edit, path: rest }) };
  if ('value' in edit) return { ...map, [name]: edit.value };
  const { [name]: own, ...others } = map;
  return 'rename' in edit ? { ...others, [edit.rename]: own } : others;
}

function sameData(one: unknown, other: unknown): boolean {
  if (typeof one !== 'object' || one === null || typeof other !== 'object' || other === null)
    return (
      one === other ||
      Object.is(one, other) ||
      (isWhole(one) && isWhole(other) && BigInt(one) === BigInt(other))
    );
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const [left, right] = [Object.entries(one), Object.entries(other)];
  return (
    left.length === right.length &&
    left.every(([key, value]) => key in other && sameData(value, (other as Record<string, unknown>)[key]))
  );
}

function isWhole(value: unknown): value is number | bigint {
  return typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value));
}
