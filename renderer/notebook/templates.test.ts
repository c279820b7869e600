import { describe, expect, it } from 'vitest';
import { analyse } from '../../engine/notebook/analysis';
import { CELL_KINDS } from '../../engine/notebook/document';
import { parseNotebook } from '../../engine/notebook/parse';
import { KINDS } from './kinds';
import { fillTemplate } from './templates';

/** A notebook that is built from the templates alone, each filled with what the cells above define. */
function fromTemplates(): string {
  let text = '---\nplumbline: 1\n---\n';
  for (const kind of [
    'source',
    'entity',
    'view',
    'training-set',
    'query',
    'skew',
    'drift',
    'audit',
    'materialize',
    'backfill',
    'lookup',
    'chart',
  ]) {
    const info = KINDS.find((candidate) => candidate.kind === kind);
    const { catalog } = analyse([parseNotebook(text, 'a.plumb.md').document]);
    const body = fillTemplate(kind, { catalog, files: ['data/events.parquet'], redis: [] });
    text += `\n\`\`\`${info?.language} ${kind} ${info?.name}\n${body}\n\`\`\`\n`;
  }
  return text;
}

describe('templates', () => {
  it('exist for every kind', () => {
    expect(KINDS.map(({ kind }) => kind).sort()).toEqual([...CELL_KINDS, 'markdown'].sort());
  });

  it('make a notebook without a finding, from the first source on', () => {
    const { document, diagnostics } = parseNotebook(fromTemplates(), 'a.plumb.md');
    expect([...diagnostics, ...analyse([document]).diagnostics]).toEqual([]);
  });

  it('replay a view that has a stream', () => {
    const fence = (header: string, body: string) => `\`\`\`yaml ${header}\n${body}\n\`\`\`\n`;
    const view = (more: string) =>
      `entity: user\nsource: events\n${more}features:\n  n: { type: int64, window: 7d, count: "*" }`;
    const text = [
      '---\nplumbline: 1\n---\n',
      fence('source events', 'files: e.parquet\ntimestamp: ts\navailable_at: arrived'),
      fence('entity user', 'join_keys: { user_id: int64 }'),
      fence('view batch', view('')),
      fence('view streamed', view('stream: events\n')),
    ].join('\n');
    const { catalog } = analyse([parseNotebook(text, 'a.plumb.md').document]);
    expect(fillTemplate('replay', { catalog, files: [], redis: [] })).toContain('view: streamed');
  });
});
