import { readDefinition, valueOf } from './definition';
import type { CellBlock, NotebookDocument } from './document';
import { renameCell, setCellBody } from './edit';
import { RELATIONS } from './resolve/capabilities';
import { namePlaces } from './sql-places';
import { namesInExpressions } from './written-features';
import type { YamlPath } from './yaml-body';
import { rangeInside } from './yaml-place';

interface Edit {
  start: number;
  end: number;
  text: string;
}

/** Where cells of a kind name other cells: the key, and the kinds that it can name. A list names one per item. */
const PLACES: Readonly<Record<string, readonly [path: YamlPath, kinds: readonly string[]][]>> = {
  view: [
    [['entity'], ['entity']],
    [['source'], ['source']],
    [['stream'], ['source']],
  ],
  'training-set': [[['features'], ['view']]],
  lookup: [[['features'], ['view']]],
  skew: [
    [['training_set'], ['training-set']],
    [['baseline', 'source'], ['source']],
    [['baseline', 'query'], ['query']],
    [['baseline', 'view'], ['view']],
    [['baseline', 'stream'], ['source']],
    [['serving', 'source'], ['source']],
    [['serving', 'query'], ['query']],
    [['serving', 'view'], ['view']],
    [['serving', 'stream'], ['source']],
  ],
  drift: [
    [['training_set'], ['training-set']],
    [['source'], ['source']],
    [['features'], ['view']],
  ],
  audit: [
    [['training_set'], ['training-set']],
    [['columns'], ['view']],
  ],
  materialize: [[['views'], ['view']]],
  backfill: [[['views'], ['view']]],
  replay: [[['view'], ['view']]],
  chart: [[['data'], RELATIONS]],
};

/**
 * Gives a cell another name, and the cells that name it where that is certain: keys of definitions, `view:feature`
 * references, `view__feature` in expressions, and relations in SQL. Only those names change; comments and layout stay. `changed` are the names of
 * the cells whose text was changed, after renaming; `keep` names cells that must stay as they are.
 */
export function renameWithReferences(
  document: NotebookDocument,
  id: string,
  to: string,
  keep: ReadonlySet<string> = new Set(),
): { document: NotebookDocument; changed: string[] } {
  const cell = document.blocks.find((block) => block.id === id);
  if (cell?.type !== 'cell') return { document, changed: [] };
  let renamed = renameCell(document, id, to);
  const changed: string[] = [];
  for (const block of document.blocks) {
    if (block.type !== 'cell' || keep.has(block.name)) continue;
    const body = apply(block.body, edits(block, cell, to));
    if (body === block.body) continue;
    renamed = setCellBody(renamed, block.id, body);
    changed.push(block.id === id ? to : block.name);
  }
  return { document: renamed, changed };
}

function apply(body: string, all: readonly Edit[]): string {
  return [...all]
    .sort((a, b) => b.start - a.start)
    .reduce((text, { start, end, text: put }) => text.slice(0, start) + put + text.slice(end), body);
}

function edits(block: CellBlock, cell: CellBlock, to: string): Edit[] {
  const { yaml, sql } = readDefinition(block);
  const found: Edit[] = [];
  const isRelation = (RELATIONS as readonly string[]).includes(cell.kind);
  if (block.kind === 'query' && sql !== null && isRelation)
    for (const place of namePlaces(sql.text, cell.name))
      found.push({ start: place.start, end: place.end, text: place.quoted ? `"${to}"` : to });
  if (yaml === null || yaml.problems.length > 0) return found;
  const add = (path: YamlPath, offset: number, length: number, expected: string, text: string) => {
    const { start, end } = rangeInside(yaml, path, { offset, length });
    // A name that escapes or line breaks cut up is left alone.
    if (block.body.slice(start, end) === expected) found.push({ start, end, text });
  };
  for (const [path, kinds] of PLACES[block.kind] ?? []) {
    if (!kinds.includes(cell.kind)) continue;
    for (const [at, text] of texts(yaml.data, path)) {
      const name = text.split(':')[0]!;
      // A drift check may name a feature by its column alone.
      if (name.trim() !== cell.name || (path[0] === 'features' && name === text)) continue;
      add(at, name.indexOf(cell.name), cell.name.length, cell.name, to);
    }
  }
  if (cell.kind === 'view')
    for (const [feature, names] of namesInExpressions(readDefinition(block)))
      for (const { name, places } of names) {
        if (!name.startsWith(`${cell.name}__`) || !featuresOf(cell).has(name.slice(cell.name.length + 2)))
          continue;
        const path = ['features', feature, 'expression'];
        const text = String(valueOf(readDefinition(block), 'view')?.features[feature]?.expression ?? '');
        for (const { start, quoted } of places) {
          const at = quoted ? start + 1 : start;
          add(path, at, cell.name.length, text.slice(at, at + cell.name.length), to);
        }
      }
  if (block.kind === 'training-set' && isRelation)
    for (const [at, text] of texts(yaml.data, ['spine', 'sql']))
      for (const { start, end, quoted } of namePlaces(text, cell.name))
        add(at, start, end - start, text.slice(start, end), quoted ? `"${to}"` : to);
  return found;
}

function featuresOf(cell: CellBlock): Set<string> {
  return new Set(Object.keys(valueOf(readDefinition(cell), 'view')?.features ?? {}));
}

/** The text at a path, or those of the list or mapping that is there, each with its own path. */
function texts(data: unknown, path: YamlPath): [YamlPath, string][] {
  let value = data;
  for (const step of path) value = (value as Record<string, unknown> | null | undefined)?.[step];
  if (typeof value === 'string') return [[path, value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]: [string, unknown]): [YamlPath, string][] =>
    typeof item === 'string' ? [[[...path, Array.isArray(value) ? Number(key) : key], item]] : [],
  );
}
