import { describe, expect, it } from 'vitest';
import { cellPathAt } from './cell-path';

/** The path at the mark `|` in a text. */
function at(marked: string) {
  const offset = marked.indexOf('|');
  return cellPathAt(marked.replace('|', ''), offset);
}

const VIEW = `entity: user
source: interactions
features:
  rate:
    type: float64
    ratio:
      of: { count: "*", where: kind = 'done' }
      over: { count: "*" }
  other:
    type: int64
    window: 7d
`;

describe('cellPathAt', () => {
  it.each([
    ['ent|ity: user\n', ['entity']],
    ['entity: us|er\n', ['entity']],
    ['entity: user\nsource: |\n', ['source']],
    ['entity: user\n|\n', []],
    ['|', []],
    ['features:\n  rate:\n    |', ['features', 'rate']],
    ['features:\n  rate:\n    type: float64\n    win|', ['features', 'rate']],
    ['features:\n  rate:\n    type: flo|', ['features', 'rate', 'type']],
    ['features:\n  rate:\n    type: int64\n  |\nsource: x\n', ['features']],
    ['features:\n  - view:fea|ture\n', ['features', 0]],
    ['features:\n  - a:b\n  - |\n', ['features', 1]],
    ['features:\n- a:b\n- |\n', ['features', 1]],
    ['views: [a, b|]\n', ['views', 1]],
    ['serving: { source: lo|g }\n', ['serving', 'source']],
    ['spine:\n  sql: |\n', ['spine', 'sql']],
  ])('%j', (text, path) => {
    expect(at(text)).toEqual(path);
  });

  it('finds keys in flow mappings', () => {
    expect(cellPathAt(VIEW, VIEW.indexOf("kind = 'done'") + 3)).toEqual([
      'features',
      'rate',
      'ratio',
      'of',
      'where',
    ]);
    expect(cellPathAt(VIEW, VIEW.indexOf('over:') + 2)).toEqual(['features', 'rate', 'ratio', 'over']);
    expect(cellPathAt(VIEW, VIEW.indexOf('window') + 9)).toEqual(['features', 'other', 'window']);
  });

  it('takes words inside a block of SQL for text, not for keys', () => {
    const text = 'spine:\n  sql: |\n    SELECT user_id\n    FROM\n    starts\ntimestamp: t\n';
    expect(cellPathAt(text, text.indexOf('starts') + 2)).toEqual(['spine', 'sql']);
    expect(cellPathAt(text, text.indexOf('timestamp') + 2)).toEqual(['timestamp']);
  });
});
