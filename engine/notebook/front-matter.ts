import type { Diagnostic, FrontMatter } from './document';
import { onLine, type Finding } from './diagnostic';
import { isBlank, placeInText, type Line } from './lines';
import { parseYaml } from './yaml-body';
import { rangeAt } from './yaml-place';
import { nearest } from '../catalog/names';

/** The major version of the format that this build reads and writes. */
export const FORMAT_VERSION = 1;

const KEYS = ['plumbline', 'title', 'include'];

export interface FrontMatterResult {
  frontMatter: FrontMatter;
  /** Lines that it takes, blank lines after it included. */
  lines: number;
  diagnostics: Diagnostic[];
}

/** Reads the front matter at the head of a file's lines. A file without it is read as version 1, with a warning. */
export function readFrontMatter(lines: readonly Line[], file: string): FrontMatterResult {
  const none: FrontMatter = { version: FORMAT_VERSION, title: null, include: [], raw: '' };
  const first = lines[0]?.text ?? '';
  if (!/^---[ \t]*$/.test(first)) {
    const finding: Finding = {
      severity: 'warning',
      code: 'notebook.front_matter',
      message: 'The file has no front matter; it is read as version 1.',
      hint: 'Begin the file with the lines `---`, `plumbline: 1`, `---`.',
    };
    const taken = blankLines(lines, 0);
    return {
      frontMatter: { ...none, raw: rawOf(lines, taken) },
      lines: taken,
      diagnostics: [onLine(file, null, finding, 1, 1, first.length + 1)],
    };
  }
  let close = 1;
  while (close < lines.length && !/^---[ \t]*$/.test(lines[close]?.text ?? '')) close++;
  if (close >= lines.length) {
    const finding: Finding = {
      severity: 'error',
      code: 'notebook.front_matter',
      message: 'The front matter has no closing `---` line.',
      hint: 'Put a line `---` after the last key of the front matter.',
    };
    return {
      frontMatter: none,
      lines: 0,
      diagnostics: [onLine(file, null, finding, 1, 1, first.length + 1)],
    };
  }
  const text = lines
    .slice(1, close)
    .map((line) => line.text)
    .join('\n');
  const taken = blankLines(lines, close + 1);
  const read = readKeys(text, file);
  return {
    frontMatter: { ...read.values, raw: rawOf(lines, taken) },
    lines: taken,
    diagnostics: read.diagnostics,
  };
}

function rawOf(lines: readonly Line[], count: number): string {
  return lines
    .slice(0, count)
    .map((line) => line.text + line.end)
    .join('');
}

function blankLines(lines: readonly Line[], from: number): number {
  let at = from;
  while (at < lines.length && isBlank(lines[at]?.text ?? '')) at++;
  return at;
}

function readKeys(
  text: string,
  file: string,
): { values: Omit<FrontMatter, 'raw'>; diagnostics: Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const values = { version: FORMAT_VERSION, title: null as string | null, include: [] as string[] };
  const report = (finding: Finding, range: { start: number; end: number }) => {
    const from = placeInText(text, range.start);
    const to = placeInText(text, range.end);
    diagnostics.push({
      ...finding,
      file,
      cell: null,
      line: from.line + 1,
      column: from.column,
      endLine: to.line + 1,
      endColumn: to.column,
    });
  };
  const wrong = (message: string, hint: string, range: { start: number; end: number }) =>
    report({ severity: 'error', code: 'notebook.front_matter', message, hint }, range);

  const body = parseYaml(text);
  for (const problem of body.problems)
    wrong(problem.message, problem.hint ?? 'The front matter is YAML: `key: value` lines.', problem);
  if (body.problems.length > 0) return { values, diagnostics };
  const data = body.data ?? {};
  if (typeof data !== 'object' || Array.isArray(data)) {
    wrong('The front matter must be `key: value` lines.', 'Begin with `plumbline: 1`.', { start: 0, end: 1 });
    return { values, diagnostics };
  }
  const keys = new Map(Object.entries(data));
  const version: unknown = keys.get('plumbline');
  if (typeof version === 'number' && Number.isInteger(version) && version >= 1) {
    values.version = version;
    if (version > FORMAT_VERSION)
      report(
        {
          severity: 'error',
          code: 'notebook.newer_version',
          message: `The notebook has format version ${version}; this Plumbline reads version ${FORMAT_VERSION}.`,
          hint: 'It is shown read-only. Use a newer Plumbline to edit it.',
        },
        rangeAt(body, ['plumbline'], 'value'),
      );
  } else if (keys.has('plumbline')) {
    wrong(
      '`plumbline` must be a whole number.',
      'Write `plumbline: 1`.',
      rangeAt(body, ['plumbline'], 'value'),
    );
  } else {
    report(
      {
        severity: 'warning',
        code: 'notebook.front_matter',
        message: 'The front matter does not name its version; it is read as version 1.',
        hint: 'Add the line `plumbline: 1`.',
      },
      { start: 0, end: 1 },
    );
  }
  const title: unknown = keys.get('title');
  if (typeof title === 'string' || typeof title === 'number') values.title = String(title);
  else if (title !== undefined && title !== null)
    wrong('`title` must be a text.', 'Quote it.', rangeAt(body, ['title'], 'value'));
  const include: unknown = keys.get('include');
  const patterns: unknown = typeof include === 'string' ? [include] : (include ?? []);
  if (Array.isArray(patterns) && patterns.every((item) => typeof item === 'string'))
    values.include = patterns;
  else
    wrong(
      '`include` must be a path or a list of paths.',
      'For instance `include: [features/*.plumb.md]`.',
      rangeAt(body, ['include'], 'value'),
    );
  for (const key of keys.keys()) {
    const meant = KEYS.includes(key) ? null : nearest(key, KEYS);
    if (meant !== null && !keys.has(meant))
      report(
        {
          severity: 'warning',
          code: 'notebook.front_matter',
          message: `Unknown key \`${key}\`, kept.`,
          hint: `Did you mean \`${meant}\`?`,
        },
        rangeAt(body, [key], 'key'),
      );
  }
  return { values, diagnostics };
}
