import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDocument, stringify } from 'yaml';
import { analyse } from './analysis';
import { parseNotebook } from './parse';
import { parseYaml } from './yaml-body';
import { rangeInside } from './yaml-place';

function notebook(cells: string) {
  const text = `---\nplumbline: 1\n---\n\nWords.\n\n${cells}`;
  const analysis = analyse([parseNotebook(text, 'n.plumb.md').document]);
  const lines = text.split('\n');
  /** The text that a place covers on its first line. */
  const shown = (...args: Parameters<typeof analysis.locate>) => {
    const place = analysis.locate(...args);
    const line = lines[(place.line ?? 0) - 1] ?? '';
    const end = place.endLine === place.line ? (place.endColumn ?? 1) - 1 : undefined;
    return `${place.line}: ${line.slice((place.column ?? 1) - 1, end)}`;
  };
  return { analysis, shown };
}

const CELLS = `\`\`\`yaml view v
entity: user
source: "ev\\u0065nts"   # a comment
features:
  rate:
    type: float64
    ratio:
      of: { count: "*", where: kind = 'done' and size > 3 }
      over:
        where: 'it''s fine'
        count: >-
          some
          folded words

          here
  shown: { type: float64,
    window: 7d, sum: plain
      over two lines }
\`\`\`

\`\`\`yaml training-set t
spine:
  sql: |
    SELECT a,

      b FROM c
timestamp: ts
features:
  - v:rate
  - v:shown
\`\`\`

\`\`\`sql query q
SELECT a
FROM v
\`\`\`
`;

describe('locate', () => {
  const { analysis, shown } = notebook(CELLS);
  const inside = (path: (string | number)[], value: string, word: string) =>
    shown('v', path, { offset: value.indexOf(word), length: word.length });

  it('shows a scalar by its text, a collection by its key', () => {
    expect(shown('v', ['entity'])).toBe('8: user');
    expect(shown('v', ['source'])).toBe('9: "ev\\u0065nts"');
    expect(shown('v', ['features', 'rate', 'ratio'])).toBe('13: ratio');
    expect(shown('t', ['features', 1])).toBe('36: v:shown');
    expect(shown('v', [])).toBe('8: entity: user');
  });

  it('gives the deepest part that is there', () => {
    expect(shown('v', ['features', 'rate', 'window'])).toBe('11: rate');
    expect(shown('v', ['nothing', 'at', 'all'])).toBe('8: entity: user');
    expect(analysis.locate('nobody', ['a'])).toEqual({ cell: 'nobody' });
  });

  it('counts inside plain, quoted, flow, folded and literal scalars', () => {
    const of = ['features', 'rate', 'ratio', 'of', 'where'];
    expect(inside(of, "kind = 'done' and size > 3", 'size')).toBe('14: size');
    const over = ['features', 'rate', 'ratio', 'over'];
    expect(inside([...over, 'where'], "it's fine", 'fine')).toBe('16: fine');
    expect(inside([...over, 'count'], 'some folded words\nhere', 'some')).toBe('18: some');
    expect(inside([...over, 'count'], 'some folded words\nhere', 'words')).toBe('19: words');
    expect(inside([...over, 'count'], 'some folded words\nhere', 'here')).toBe('21: here');
    expect(inside(['features', 'shown', 'sum'], 'plain over two lines', 'two')).toBe('24: two');
    expect(inside(['source'], 'events', 'nts')).toBe('9: nts');
    expect(inside(['source'], 'events', 'e')).toBe('9: e');
    const sql = 'SELECT a,\n\n  b FROM c\n';
    expect(shown('t', ['spine', 'sql'], { offset: sql.indexOf('a,'), length: 1 })).toBe('30: a');
    expect(shown('t', ['spine', 'sql'], { offset: sql.indexOf('b FROM'), length: 1 })).toBe('32: b');
    expect(shown('t', ['spine', 'sql'], { offset: sql.indexOf('c\n'), length: 1 })).toBe('32: c');
  });

  it('counts in the body of a query', () => {
    expect(shown('q', [], { offset: 14, length: 1 })).toBe('41: v');
    expect(analysis.locate('q', [], { offset: 14, length: 1 })).toMatchObject({
      file: 'n.plumb.md',
      column: 6,
      endColumn: 7,
    });
  });

  it('shows what a quoted expression that escapes nothing but itself says', () => {
    const other = notebook('```yaml chart c\ndata: q\ntitle: "a\\tb\\"c"\n```\n');
    expect(other.shown('c', ['title'], { offset: 4, length: 1 })).toBe('9: c');
  });
});

describe('a place inside a scalar of any style', () => {
  const style = fc.constantFrom('PLAIN', 'QUOTE_SINGLE', 'QUOTE_DOUBLE', 'BLOCK_LITERAL', 'BLOCK_FOLDED');
  const words = fc.array(
    fc.constantFrom('alpha', 'b', "it's", '(x)', ' ', '\n', '\n\n', '  ', 'größe', '"q"', 'k > 3'),
    {
      minLength: 1,
      maxLength: 14,
    },
  );
  it('covers the letter that it names', () => {
    fc.assert(
      fc.property(style, words, fc.nat(), (type, parts, pick) => {
        const value = parts.join(' ').trim();
        fc.pre(value !== '');
        const document = parseDocument('outer:\n  key: x\nafter: 1\n');
        const node = document.createNode(value) as unknown as { type: string };
        node.type = type;
        document.setIn(['outer', 'key'], node);
        const text = document.toString({ lineWidth: 30 });
        const body = parseYaml(text);
        // Some texts do not survive some styles; what counts is what was read.
        fc.pre((body.data as { outer: { key: string } } | undefined)?.outer.key === value);
        const offset = pick % value.length;
        const letter = value[offset] ?? '';
        fc.pre(/[a-zA-Zöß(]/.test(letter));
        const range = rangeInside(body, ['outer', 'key'], { offset, length: 1 });
        expect(text[range.start]).toBe(letter);
        const nth = (from: string, at: number) => from.slice(0, at + 1).split(letter).length;
        const head = text.indexOf('key:') + 4;
        const chomping = /^ [|>][-+0-9]*\n/.exec(text.slice(head))?.[0].length ?? 0;
        const source = text.slice(head + chomping);
        expect(nth(source, range.start - head - chomping)).toBe(nth(value, offset));
      }),
      { seed: 7, numRuns: 1500 },
    );
  });

  it('never throws', () => {
    fc.assert(
      fc.property(
        fc.anything({ withBigInt: false, maxDepth: 3 }),
        fc.array(fc.string()),
        fc.nat(50),
        (value, path, offset) => {
          const body = parseYaml(stringify(value ?? null) ?? '');
          const range = rangeInside(body, path, { offset, length: 3 });
          expect(range.end).toBeGreaterThan(range.start);
        },
      ),
      { seed: 7, numRuns: 300 },
    );
  });
});
