import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analyse } from './analysis';
import { cellPathAt } from './cell-path';
import { CELL_KINDS } from './document';
import { parseNotebook } from './parse';
import { sqlTokens } from './sql-tokens';
import { parseYaml } from './yaml-body';

const scrap = fc.constantFrom(
  'files: ',
  'features:',
  '  f:',
  '    type: int64',
  '    window: 7d',
  'ratio: { of: {',
  '}}',
  '[',
  ']',
  '{',
  '}',
  '&a ',
  '*a',
  '- ',
  '? ',
  ': ',
  '\n',
  '\n  ',
  '\t',
  '"',
  "'",
  '|',
  '>-',
  '# note',
  '!!binary x',
  '<<: *a',
  '__proto__: 1',
  'constructor: { prototype: 1 }',
  '%YAML 1.1',
  '---',
  '...',
  'é',
  '12345678901234567890',
  '.nan',
  '1e400',
  '0x1F',
  'null',
  '~',
  'entity: user',
  'source: s',
  'sql: SELECT 1',
  'SELECT',
  'FROM',
  '$$',
  '/*',
  '--',
  ';',
  'r',
  '(',
  ')',
);
const scraps = fc.array(scrap, { maxLength: 30 }).map((parts) => parts.join(''));
const body = fc.oneof(scraps, fc.string({ unit: 'binary', maxLength: 60 }), fc.string({ maxLength: 200 }));

describe('whatever a notebook holds', () => {
  it('analysis gives findings inside the file and never throws', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(...CELL_KINDS), body), { maxLength: 6 }), (cells) => {
        const text = cells
          .map(([kind, b], i) => `~\n\`\`\`\`\`yaml ${kind} c${i % 4}\n${b}\n\`\`\`\`\`\n`)
          .join('\n');
        const { document } = parseNotebook(
          `---\nplumbline: 1\n---\n${text.replaceAll('yaml query', 'sql query')}`,
          'n.plumb.md',
        );
        const analysis = analyse([document]);
        const lines = text.split(/\r\n|\n|\r/).length + 4;
        for (const d of analysis.diagnostics) {
          expect(d.line).toBeGreaterThan(0);
          expect(d.endLine).toBeGreaterThanOrEqual(d.line);
          expect(d.line).toBeLessThanOrEqual(lines);
          expect(d.column).toBeGreaterThan(0);
        }
        for (const name of analysis.cells.keys())
          analysis.locate(name, ['features', 'f', 0], { offset: 3, length: 5 });
      }),
      { seed: 42, numRuns: 1500 },
    );
  });

  it('a path is found at every offset', () => {
    fc.assert(
      fc.property(body, fc.nat(300), (text, offset) => {
        expect(Array.isArray(cellPathAt(text, offset))).toBe(true);
      }),
      { seed: 42, numRuns: 1500 },
    );
  });

  it('SQL tokens cover the text in order', () => {
    fc.assert(
      fc.property(body, (text) => {
        let at = 0;
        for (const token of sqlTokens(text)) {
          expect(token.start).toBeGreaterThanOrEqual(at);
          expect(text.slice(token.start, token.end)).toBe(token.text);
          at = token.end;
        }
      }),
      { seed: 42, numRuns: 1500 },
    );
  });
});

describe('YAML that is meant to hurt', () => {
  it.each([
    ['deep flow', '['.repeat(100_000)],
    ['deep maps', '{a: '.repeat(100_000)],
    ['deep lists', '- '.repeat(100_000)],
    ['deep keys', '? '.repeat(100_000)],
    ['a wide indent', `-${' '.repeat(100_000)}a: |\n x`],
    ['a long text', 'a: '.padEnd(2 << 20, 'x')],
    [
      'aliases of aliases',
      `a: &a [${'x,'.repeat(9)}x]\n${[...'bcdefgh'].map((k, i) => `${k}: &${k} [${`*${'abcdefg'[i] ?? ''},`.repeat(10)}]`).join('\n')}`,
    ],
    ['an alias of itself', 'a: &a [*a]'],
  ])('%s is refused', (_, text) => {
    const { data, problems } = parseYaml(text);
    expect(data).toBeUndefined();
    expect(problems).toHaveLength(1);
  });

  it('keys of JavaScript objects are keys like others', () => {
    const data = parseYaml('__proto__: { polluted: yes }\nconstructor: 1\n').data as object;
    expect(Object.getPrototypeOf(data)).toBe(Object.prototype);
    expect(Object.keys(data)).toEqual(['__proto__', 'constructor']);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  it('whole numbers are exact', () => {
    expect(parseYaml('[1, -1, 9007199254740991, 9007199254740993, 0x10, 1.5]').data).toEqual([
      1,
      -1,
      9007199254740991,
      9007199254740993n,
      16,
      1.5,
    ]);
  });
});
