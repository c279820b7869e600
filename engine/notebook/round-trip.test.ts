import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NotebookDocument } from './document';
import * as edit from './edit';
import { isClosedCell } from './fence';
import { parseNotebook } from './parse';
import { printBlock, printNotebook } from './print';
import { reparse } from './reparse';

const SEED = { seed: 20_250_316, numRuns: 400 };

const lineEnd = fc.constantFrom('\n', '\n', '\r\n', '\r');
const piece = fc.constantFrom(
  '',
  '---',
  '--- ',
  'plumbline: 1',
  'plumbline: 2',
  'title: "x',
  '# Title',
  'Words with trailing blanks   ',
  '```yaml source events',
  '```yaml source',
  '````yaml view v',
  '```sql query daily',
  '```python',
  '```sql',
  '``` yaml transform later ',
  '~~~~ yaml source x',
  '```',
  '````',
  '  ```',
  '~~~~',
  '<!--',
  '-->',
  'files: [a, b]',
  'features: { __proto__: { type: int64 } }',
  'SELECT `a` FROM t -- ```',
  '\t- [ ] todo',
  '\uFEFF',
  'größe 漢字 🎈',
);
const textLike = fc
  .tuple(fc.boolean(), fc.array(fc.tuple(piece, lineEnd), { maxLength: 40 }), fc.boolean())
  .map(([mark, lines, cut]) => {
    const text = (mark ? '\uFEFF' : '') + lines.map(([words, end]) => words + end).join('');
    return cut ? text.replace(/[\r\n]+$/, '') : text;
  });

function checkLines(document: NotebookDocument) {
  const text = printNotebook({ ...document, byteOrderMark: false });
  const lines = text.split(/\r\n|\n|\r/);
  for (const block of document.blocks)
    if (block.type === 'cell' && block.name !== '') expect(lines[block.line - 1]).toContain(block.name);
}

describe('an untouched file', () => {
  it('prints byte for byte', () => {
    fc.assert(
      fc.property(textLike, (text) => {
        expect(printNotebook(parseNotebook(text, 'a.plumb.md').document)).toBe(text);
      }),
      SEED,
    );
  });

  it('prints byte for byte from bytes, or is unreadable and read-only', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 200 }),
          textLike.map((t) => new TextEncoder().encode(t)),
        ),
        (bytes) => {
          const { document, diagnostics } = parseNotebook(bytes, 'a.plumb.md');
          if (diagnostics.some((d) => d.code === 'notebook.unreadable')) expect(document.readOnly).toBe(true);
          else expect(new TextEncoder().encode(printNotebook(document))).toEqual(bytes);
        },
      ),
      SEED,
    );
  });

  it('has blocks whose lines are right', () => {
    fc.assert(
      fc.property(textLike, (text) => checkLines(parseNotebook(text, 'a.plumb.md').document)),
      SEED,
    );
  });
});

type Step = { what: number; at: number; to: number; text: string };
const step: fc.Arbitrary<Step> = fc.record({
  what: fc.integer({ min: 0, max: 6 }),
  at: fc.nat(30),
  to: fc.nat(30),
  text: fc.constantFrom(
    '',
    'a: 1',
    'SELECT 1\n',
    '```',
    '````\n~~~',
    '# Title\n\n',
    'x\r\ny',
    '<!-- aside',
    '```python\nx',
  ),
});

/** Applies a step and gives the id of the block that it touched. */
function apply(document: NotebookDocument, { what, at, to, text }: Step): [NotebookDocument, string | null] {
  const block = document.blocks[at % Math.max(1, document.blocks.length)];
  const id = block?.id ?? null;
  if (what === 0) {
    const cell = { language: 'yaml', kind: 'source', name: edit.freeName(document, 'new'), body: text };
    const made = edit.insertCell(document, id, cell);
    return [made.document, made.id];
  }
  if (id === null) return [document, null];
  if (what === 1) return [edit.setCellBody(document, id, text), id];
  if (what === 2) return [edit.moveBlock(document, id, to % document.blocks.length), null];
  if (what === 3) return [edit.removeBlock(document, id)?.document ?? document, id];
  if (what === 4) return [edit.renameCell(document, id, edit.freeName(document, 'named')), id];
  if (what === 5) return [edit.setMarkdown(document, id, text), id];
  const removed = edit.removeBlock(document, id);
  return removed === null
    ? [document, null]
    : [edit.restoreBlock(removed.document, removed.block, removed.index), null];
}

describe('random edits', () => {
  it('leave the text of untouched blocks as it was, but for the blank lines between blocks', () => {
    fc.assert(
      fc.property(textLike, fc.array(step, { maxLength: 8 }), (text, steps) => {
        const first = parseNotebook(text, 'a.plumb.md').document;
        // A cell without its closing fence gets one as soon as something stands behind it.
        const whole = first.blocks.filter(
          (block) => block.type === 'markdown' || isClosedCell(block.raw ?? ''),
        );
        const before = new Map(whole.map((block) => [block.id, printBlock(block, first.lineEnd)]));
        let document = first;
        for (const one of steps) {
          const [next, touched] = apply(document, one);
          document = next;
          if (touched !== null) before.delete(touched);
        }
        for (const block of document.blocks) {
          const was = before.get(block.id);
          if (was !== undefined) expect(printBlock(block, document.lineEnd).trimEnd()).toBe(was.trimEnd());
        }
        checkLines(document);
        if (document === first) expect(printNotebook(document)).toBe(text);
      }),
      SEED,
    );
  });

  it('give a file that reads back with every cell', () => {
    fc.assert(
      fc.property(textLike, fc.array(step, { maxLength: 8 }), (text, steps) => {
        let { document } = parseNotebook(text, 'a.plumb.md');
        for (const one of steps) [document] = apply(document, one);
        const again = reparse(document, printNotebook(document));
        const cells = (of: NotebookDocument) =>
          of.blocks.flatMap((b) => (b.type === 'cell' ? [[b.kind, b.name, b.body]] : []));
        const blank = (body: unknown) => (body === '\n' ? '' : body);
        const plain = (of: NotebookDocument) =>
          cells(of).map(([kind, name, body]) => [kind, name, blank(body)]);
        expect(plain(again.document)).toEqual(plain(document));
        expect(printNotebook(again.document)).toBe(printNotebook(document));
        const ids = again.document.blocks.map((block) => block.id);
        expect(new Set(ids).size).toBe(ids.length);
      }),
      SEED,
    );
  });
});
