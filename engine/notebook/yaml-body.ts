import { isAlias, isMap, isScalar, isSeq, parseDocument, type Document, type Node } from 'yaml';
import { yamlRefusal } from './yaml-limits';

export type YamlPath = (string | number)[];

/** A finding of the YAML parser, by offsets in the text that was parsed. */
export interface YamlProblem {
  message: string;
  hint?: string;
  start: number;
  end: number;
}

export interface YamlBody {
  text: string;
  /** null when the text was refused unread. */
  document: Document | null;
  /** Plain data: whole numbers beyond 2^53 as bigint, all others as number. undefined when there are problems. */
  data: unknown;
  problems: YamlProblem[];
}

const MOST_NODES = 50_000;

class TooManyNodes extends Error {}

/** Parses YAML 1.2 with LF line ends. Never throws; aliases are followed within a budget. */
export function parseYaml(text: string): YamlBody {
  const refusal = yamlRefusal(text);
  if (refusal !== null) {
    const { message, offset } = refusal;
    const hint = 'Split it up: no definition needs that much.';
    return {
      text,
      document: null,
      data: undefined,
      problems: [{ message, hint, start: offset, end: offset + 1 }],
    };
  }
  try {
    return read(text);
  } catch (thrown) {
    const message =
      thrown instanceof TooManyNodes
        ? `The YAML unfolds to more than ${MOST_NODES} values.`
        : `The YAML cannot be read: ${thrown instanceof Error ? thrown.message : String(thrown)}`;
    const hint = 'Write values out instead of repeating them by aliases.';
    return {
      text,
      document: null,
      data: undefined,
      problems: [{ message, hint, start: 0, end: text.length }],
    };
  }
}

function read(text: string): YamlBody {
  const document = parseDocument(text, {
    intAsBigInt: true,
    prettyErrors: false,
    logLevel: 'silent',
    uniqueKeys: true,
    version: '1.2',
  });
  const problems: YamlProblem[] = document.errors.map((error) => ({
    message: sentence(error.message),
    hint: hintFor(error.code),
    start: error.pos[0],
    end: Math.max(error.pos[1], wordEnd(text, error.pos[0])),
  }));
  if (problems.length > 0) return { text, document, data: undefined, problems };
  const budget = { left: MOST_NODES };
  const data = plain(document.contents, document, budget, problems, 0);
  return { text, document, data: problems.length > 0 ? undefined : data, problems };
}

/** The end of the word at an offset, for errors that the parser gives as a single place. */
function wordEnd(text: string, start: number): number {
  const word = /[\w.-]*/y;
  word.lastIndex = start;
  return Math.max(start + 1, start + (word.exec(text)?.[0].length ?? 0));
}

function sentence(message: string): string {
  return /[.!?]$/.test(message) ? message : `${message}.`;
}

function hintFor(code: string): string | undefined {
  switch (code) {
    case 'TAB_AS_INDENT':
      return 'Indent with spaces.';
    case 'DUPLICATE_KEY':
      return 'Keep one of the two.';
    case 'MISSING_CHAR':
      return 'Check quotes, brackets and colons before this place.';
    case 'BAD_INDENT':
      return 'Keys of one mapping start in the same column.';
    case 'MULTIPLE_DOCS':
      return 'A cell holds one definition: remove the `---` line.';
    case 'UNEXPECTED_TOKEN':
      return 'Quote a text that holds `: `, ` #`, or begins with a sign such as `*`, `&`, `!`, `%`, `@` or a backtick.';
    case 'BAD_ALIAS':
      return 'Quote a text that begins with `*`, for instance "*".';
    default:
      return undefined;
  }
}

function plain(
  node: unknown,
  document: Document,
  budget: { left: number },
  problems: YamlProblem[],
  depth: number,
): unknown {
  if (--budget.left < 0 || depth > 100) throw new TooManyNodes();
  if (isAlias(node)) {
    const target = node.resolve(document);
    if (target !== undefined) return plain(target, document, budget, problems, depth + 1);
    problems.push({
      message: `Nothing is anchored as \`${node.source}\`.`,
      hint: hintFor('BAD_ALIAS'),
      ...rangeOf(node),
    });
    return undefined;
  }
  if (isSeq(node)) return node.items.map((item) => plain(item, document, budget, problems, depth + 1));
  if (isMap(node)) {
    const record: Record<string, unknown> = {};
    for (const pair of node.items) {
      const key = pair.key;
      if (!isScalar(key) || key.value === null) {
        problems.push({ message: 'A key must be a plain text.', ...rangeOf(key) });
        continue;
      }
      // A plain assignment to `__proto__` would change the object instead of adding a key.
      Object.defineProperty(record, String(key.value), {
        value: plain(pair.value, document, budget, problems, depth + 1),
        enumerable: true,
        configurable: true,
        writable: true,
      });
    }
    return record;
  }
  return isScalar(node) ? scalar(node.value) : null;
}

function scalar(value: unknown): unknown {
  if (typeof value !== 'bigint') return value;
  const small = Number(value);
  return Number.isSafeInteger(small) ? small : value;
}

/** Start and end of a node's own text, without trailing comments. */
export function rangeOf(node: unknown): { start: number; end: number } {
  const range = (node as Partial<Node> | null)?.range;
  if (!range) return { start: 0, end: 1 };
  return { start: range[0], end: Math.max(range[1], range[0] + 1) };
}
