import { allViews } from '../../engine/catalog/feature-named';
import { featureMarkdown, findFeature, sourceMarkdown, viewMarkdown } from './describe';
import type { EditorContext } from './types';
import { topLevelValue } from './yaml-path';

export interface HoverText {
  markdown: string;
  /** From 1, on the line asked about. */
  column: number;
  endColumn: number;
}

/**
 * What the name under the cursor is: a `view:feature`, a feature of the same cell, a view, a source, a column of the
 * cell's source. null where the word is no name that the catalog knows.
 */
export function hoverAt(
  text: string,
  line: string,
  position: { lineNumber: number; column: number },
  cell: { kind: string; name: string },
  context: EditorContext,
): HoverText | null {
  const word = [...line.matchAll(/\w+(?::\w+)?/g)].find(
    (match) => match.index < position.column && match.index + match[0].length >= position.column - 1,
  );
  if (word === undefined) return null;
  const markdown = describe(word[0], text, cell, context);
  return markdown === null
    ? null
    : { markdown, column: word.index + 1, endColumn: word.index + 1 + word[0].length };
}

function describe(
  word: string,
  text: string,
  cell: { kind: string; name: string },
  { catalog, columns }: EditorContext,
): string | null {
  const [view, feature] = word.split(':');
  if (feature !== undefined) {
    const found = findFeature(catalog, view!, feature);
    return found === null ? null : featureMarkdown(...found);
  }
  const own = cell.kind === 'view' ? findFeature(catalog, cell.name, word) : null;
  if (own !== null) return featureMarkdown(...own);
  const relation = cell.kind === 'view' ? topLevelValue(text, 'source') : cell.name;
  const related = relation === null ? [] : [relation];
  const mentioned =
    cell.kind === 'query' || cell.kind === 'training-set'
      ? [...columns.keys()].filter((name) => text.includes(name))
      : [];
  for (const name of [...related, ...mentioned]) {
    const column = columns.get(name)?.find((candidate) => candidate.name === word);
    if (column !== undefined) return `**${column.name}** \`${column.type}\`, column of ${name}`;
  }
  if (cell.kind === 'view') {
    const named = allViews(catalog).flatMap((one) =>
      one.features
        .filter(({ name }) => word === name || word === `${one.name}__${name}`)
        .map(({ name }) => findFeature(catalog, one.name, name)!),
    );
    if (named.length === 1 && catalog.onDemandViews.has(cell.name)) return featureMarkdown(...named[0]!);
  }
  const foundView = catalog.views.get(word) ?? catalog.onDemandViews.get(word);
  if (foundView !== undefined) return viewMarkdown(foundView);
  const source = catalog.sources.get(word);
  if (source !== undefined) return sourceMarkdown(source, columns.get(word) ?? []);
  const entity = catalog.entities.get(word);
  if (entity !== undefined) {
    const keys = entity.joinKeys.map((key) => `${key.name} \`${key.type}\``).join(', ');
    return [`**${entity.name}** entity: ${keys}`, entity.description]
      .filter((part) => part !== '')
      .join('\n\n');
  }
  return null;
}
