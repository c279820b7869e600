import { describe, expect, it } from 'vitest';
import type { NotebookDocument } from './document';
import * as edit from './edit';
import { parseNotebook } from './parse';
import { printNotebook } from './print';
import { reparse } from './reparse';

const TEXT = `---
plumbline: 1
---
# Title

\`\`\`yaml source events
files: a.parquet  # kept
\`\`\`
Right behind.

\`\`\`sql query q
SELECT 1
\`\`\``;

const open = (text = TEXT) => parseNotebook(text, 'n.plumb.md').document;
const idOf = (document: NotebookDocument, index: number) => document.blocks[index]?.id ?? '';
const NEW = { language: 'sql', kind: 'query', name: 'more', body: 'SELECT 2' };

describe('edits', () => {
  it('change one cell and nothing else', () => {
    const document = open();
    const edited = edit.setCellBody(document, idOf(document, 1), 'files: b.parquet');
    expect(printNotebook(edited)).toBe(TEXT.replace('a.parquet  # kept', 'b.parquet'));
    expect(edited.blocks[0]).toBe(document.blocks[0]);
  });

  it('write a fence that the body cannot close', () => {
    const document = open();
    const edited = edit.setCellBody(document, idOf(document, 3), "SELECT '```'\n````\n-- x");
    expect(printNotebook(edited)).toContain("`````sql query q\nSELECT '```'\n````\n-- x\n`````\n");
    const again = reparse(edited, printNotebook(edited)).document;
    expect(again.blocks.at(-1)).toMatchObject({ name: 'q', body: "SELECT '```'\n````\n-- x" });
  });

  it('keep CRLF where the file has it', () => {
    const document = open(TEXT.replaceAll('\n', '\r\n'));
    const edited = edit.setCellBody(document, idOf(document, 1), 'files:\n  - b.parquet');
    const inserted = edit.insertCell(edited, idOf(edited, 0), NEW).document;
    expect(printNotebook(inserted)).not.toMatch(/[^\r]\n/);
    expect(printNotebook(inserted)).toContain('files:\r\n  - b.parquet\r\n```\r\n');
  });

  it('part an inserted cell by blank lines', () => {
    const document = open();
    const last = edit.insertCell(document, idOf(document, 3), NEW);
    expect(printNotebook(last.document)).toBe(`${TEXT}\n\n\`\`\`sql query more\nSELECT 2\n\`\`\`\n`);
    expect(last.document.blocks.at(-1)).toMatchObject({ id: last.id, line: 15, bodyLine: 16 });
    const first = edit.insertCell(document, null, NEW).document;
    expect(printNotebook(first)).toBe(
      TEXT.replace('---\n# Title', '---\n\n```sql query more\nSELECT 2\n```\n\n# Title'),
    );
    const between = edit.insertCell(document, idOf(document, 1), NEW).document;
    expect(printNotebook(between)).toContain(
      '# kept\n```\n\n```sql query more\nSELECT 2\n```\n\nRight behind.',
    );
  });

  it('insert and change Markdown', () => {
    const document = open();
    const made = edit.insertMarkdown(document, idOf(document, 3), 'The end.');
    expect(printNotebook(made.document)).toBe(`${TEXT}\n\nThe end.`);
    const changed = edit.setMarkdown(document, idOf(document, 2), 'Other\nwords');
    expect(printNotebook(changed)).toBe(TEXT.replace('Right behind.', 'Other\nwords'));
  });

  it('close a Markdown fence or comment that would swallow the cells behind it', () => {
    const document = open();
    for (const [raw, closed] of [
      ['```python\nx = 1', '```python\nx = 1\n\n```\n\n'],
      ['<!-- aside', '<!-- aside\n\n-->\n\n'],
    ] as const) {
      const edited = edit.setMarkdown(document, idOf(document, 0), raw);
      expect(printNotebook(edited)).toContain(`${closed}\`\`\`yaml source events`);
      const names = reparse(edited, printNotebook(edited)).document.blocks.map((b) =>
        b.type === 'cell' ? b.name : '',
      );
      expect(names).toEqual(['', 'events', '', 'q']);
    }
  });

  it('remove and restore to the byte', () => {
    const document = open();
    for (let index = 0; index < document.blocks.length; index++) {
      const removed = edit.removeBlock(document, idOf(document, index));
      if (removed === null) throw new Error('removed nothing');
      expect(removed.document.blocks).toHaveLength(3);
      const restored = edit.restoreBlock(removed.document, removed.block, removed.index);
      expect(restored.blocks.map((block) => block.id)).toEqual(document.blocks.map((block) => block.id));
      expect(printNotebook(restored).trimEnd()).toBe(TEXT);
    }
  });

  it('move a block to an index', () => {
    const document = open();
    const moved = edit.moveBlock(document, idOf(document, 3), 0);
    expect(moved.blocks.map((block) => block.id)).toEqual([3, 0, 1, 2].map((index) => idOf(document, index)));
    expect(printNotebook(moved)).toBe(
      '---\nplumbline: 1\n---\n\n```sql query q\nSELECT 1\n```\n\n# Title\n\n```yaml source events\nfiles: a.parquet  # kept\n```\nRight behind.\n\n',
    );
    const back = edit.moveBlock(moved, idOf(document, 3), 3);
    expect(back.blocks.map((block) => block.id)).toEqual(document.blocks.map((block) => block.id));
  });

  it('rename, change kind, and find a free name', () => {
    const document = open();
    const renamed = edit.renameCell(document, idOf(document, 3), 'starts');
    expect(printNotebook(renamed)).toContain('```sql query starts\n');
    const chart = edit.changeKind(document, idOf(document, 3), 'chart');
    expect(printNotebook(chart)).toContain('```yaml chart q\n');
    expect(edit.freeName(document, 'q')).toBe('q_2');
    expect(edit.freeName(document, 'User events (2024).parquet')).toBe('user_events_2024_parquet');
    expect(edit.freeName(document, '7 days')).toBe('_7_days');
    expect(edit.freeName(document, '???')).toBe('cell');
  });

  it('change nothing for an unknown id or a read-only document', () => {
    const document = open();
    expect(edit.setCellBody(document, 'none', 'x')).toBe(document);
    expect(edit.moveBlock(document, 'none', 0)).toBe(document);
    expect(edit.removeBlock(document, 'none')).toBeNull();
    const newer = open(TEXT.replace('plumbline: 1', 'plumbline: 2'));
    expect(newer.readOnly).toBe(true);
    expect(edit.setCellBody(newer, idOf(newer, 1), 'x')).toBe(newer);
    expect(edit.insertCell(newer, null, NEW).document).toBe(newer);
  });
});

describe('reparse', () => {
  it('keeps ids of what is recognisably the same', () => {
    const document = open();
    const [title, events, words, query] = document.blocks.map((block) => block.id);
    const other = TEXT.replace('# Title', '# Another title')
      .replace('a.parquet', 'b.parquet')
      .replace('query q', 'query r');
    expect(reparse(document, other).document.blocks.map((block) => block.id)).toEqual([
      title,
      events,
      words,
      query,
    ]);
    const swapped =
      '```sql query q\nSELECT 3\n```\n\nNew words.\n\n```yaml source events\nfiles: a.parquet\n```\n';
    const ids = reparse(document, swapped).document.blocks.map((block) => block.id);
    expect([ids[0], ids[2]]).toEqual([query, events]);
    expect(new Set(ids).size).toBe(3);
  });
});

describe('a file that is no notebook', () => {
  it('is unreadable and read-only', () => {
    for (const bytes of [new Uint8Array([0xff, 0xfe, 0x41, 0]), new Uint8Array([0xc3, 0x28])]) {
      const { document, diagnostics } = parseNotebook(bytes, 'n.plumb.md');
      expect(document.readOnly).toBe(true);
      expect(diagnostics).toMatchObject([{ code: 'notebook.unreadable', severity: 'error', line: 1 }]);
    }
    expect(parseNotebook('x'.repeat(17 << 20), 'n.plumb.md').diagnostics[0]?.code).toBe(
      'notebook.unreadable',
    );
  });

  it('or has no front matter, or one that never ends', () => {
    expect(parseNotebook('# Words', 'n.plumb.md').diagnostics).toMatchObject([
      { code: 'notebook.front_matter', severity: 'warning' },
    ]);
    const endless = parseNotebook('---\nplumbline: 1\n\n```sql query q\nSELECT 1\n```\n', 'n.plumb.md');
    expect(endless.diagnostics).toMatchObject([
      { code: 'notebook.front_matter', severity: 'error', line: 1 },
    ]);
    expect(endless.document.blocks).toHaveLength(2);
  });
});
