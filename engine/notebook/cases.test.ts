import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { analyse } from './analysis';
import type { Diagnostic } from './document';
import { parseNotebook } from './parse';
import { printNotebook } from './print';

const FOLDER = join(import.meta.dirname, 'cases');

/** Each finding as `file:line:column-endLine:endColumn severity code message | hint`, then what was defined. */
function report(folder: string): string {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.plumb.md'),
  );
  const main = files.filter((file) => file === 'notebook.plumb.md');
  const parsed = [...main, ...files.filter((file) => file !== 'notebook.plumb.md').sort()].map((file) =>
    parseNotebook(readFileSync(join(folder, file)), relative(folder, join(folder, file))),
  );
  const { catalog, diagnostics } = analyse(parsed.map((one) => one.document));
  const lines = [...parsed.flatMap((one) => one.diagnostics), ...diagnostics].map(line);
  const names = Object.entries(catalog).map(([kind, map]: [string, ReadonlyMap<string, unknown>]) =>
    `${kind}: ${[...map.keys()].join(', ')}`.trim(),
  );
  return [...lines, '', ...names, ''].join('\n');
}

function line(d: Diagnostic): string {
  const place = `${d.file}:${d.line}:${d.column}-${d.endLine}:${d.endColumn}`;
  return `${place} ${d.severity} ${d.code} ${d.message}${d.hint === undefined ? '' : ` | ${d.hint}`}`;
}

describe('the folder cases/', () => {
  it.each(readdirSync(FOLDER))('%s', (name) => {
    const file = join(FOLDER, name, 'expected.txt');
    const found = report(join(FOLDER, name));
    // A new case is written once, to be read and committed by people; never where tests are the judge.
    if (!existsSync(file) && process.env.CI === undefined) writeFileSync(file, found);
    expect(found).toBe(readFileSync(file, 'utf8'));
  });

  it('prints every notebook byte for byte', () => {
    for (const name of readdirSync(FOLDER)) {
      const text = readFileSync(join(FOLDER, name, 'notebook.plumb.md'), 'utf8');
      expect(printNotebook(parseNotebook(text, name).document)).toBe(text);
    }
  });

  it('raises every code that a notebook’s text can raise', () => {
    const all = readdirSync(FOLDER)
      .map((name) => readFileSync(join(FOLDER, name, 'expected.txt'), 'utf8'))
      .join('\n');
    const codes = new Set(all.match(/\b(?:notebook|catalog|sql)\.[a-z_]+/g));
    for (const code of [
      'notebook.front_matter',
      'notebook.newer_version',
      'notebook.unclosed_fence',
      'notebook.cell_header',
      'notebook.duplicate_name',
      'notebook.yaml',
      'notebook.schema',
      'notebook.unknown_cell',
      'notebook.include',
      'catalog.unknown_source',
      'catalog.unknown_entity',
      'catalog.unknown_view',
      'catalog.unknown_feature',
      'catalog.unknown_training_set',
      'catalog.unknown_query',
      'catalog.type_mismatch',
      'catalog.name_collision',
      'catalog.cycle',
      'catalog.not_supported',
      'sql.syntax',
      'sql.forbidden',
    ])
      expect([...codes]).toContain(code);
  });
});
