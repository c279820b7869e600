import { describe, expect, it } from 'vitest';
import { parseNotebook } from '../notebook/parse';
import { analyse } from '../notebook/analysis';
import { usedColumns } from './used-columns';

const fence = (header: string, body: string): string => `\`\`\`${header}\n${body}\n\`\`\`\n\n`;
const SOURCE = fence('yaml source events', 'files: e.parquet\ntimestamp: at');

function usedIn(...cells: string[]): ReadonlySet<string> | null | undefined {
  return usedOf('events', ...cells);
}

function usedOf(source: string, ...cells: string[]): ReadonlySet<string> | null | undefined {
  const text = `---\nplumbline: 1\n---\n\n${SOURCE}${cells.join('')}`;
  const { document } = parseNotebook(new TextEncoder().encode(text), 'n.plumb.md');
  const { catalog, dependencies } = analyse([document]);
  return usedColumns(catalog, dependencies).get(source);
}

const query = (sql: string): string => fence('sql query q', sql);

describe('the columns that a notebook reads', () => {
  it('are the times alone where nothing reads the source', () => {
    expect(usedIn()).toContain('at');
    expect(usedIn()).not.toContain('amount');
  });

  it('are keys, times and what expressions name', () => {
    const used = usedIn(
      fence('yaml entity user', 'join_keys: { user_id: int64 }'),
      fence(
        'yaml view v',
        'entity: user\nsource: events\nfeatures:\n  s: { type: float64, window: 7d, sum: "Amount * 2", where: "kind = 1" }',
      ),
    );
    for (const name of ['user_id', 'at', 'amount', 'kind']) expect(used).toContain(name);
    expect(used).not.toContain('page');
  });

  it('are of a stream’s log those of its view, and its own times', () => {
    const log = usedOf(
      'log',
      fence('yaml source log', 'files: l.parquet\ntimestamp: happened\navailable_at: arrived'),
      fence('yaml entity user', 'join_keys: { user_id: int64 }'),
      fence(
        'yaml view v',
        'entity: user\nsource: events\nstream: log\nfeatures:\n  s: { type: float64, window: 7d, sum: amount }',
      ),
    );
    for (const name of ['user_id', 'happened', 'arrived', 'amount']) expect(log).toContain(name);
    expect(log).not.toContain('page');
  });

  it.each([
    'SELECT amount * 2 AS a FROM events',
    'SELECT e.amount FROM events AS e WHERE e.kind = 1',
    'SELECT e."amount" FROM main.events e JOIN events f ON e.kind = f.kind',
    'WITH b AS (SELECT amount FROM events) SELECT count(*) FROM b',
    'SELECT (amount) * 2, 3 * amount FROM events GROUP BY ALL',
  ])('are named in %s', (sql) => {
    expect(usedIn(query(sql))).toContain('amount');
    expect(usedIn(query(sql))).not.toContain('page');
  });

  it.each([
    'SELECT * FROM events',
    'SELECT e.* FROM events e',
    'SELECT DISTINCT * FROM events',
    'SELECT amount, * EXCLUDE (amount) FROM events',
    'SELECT COLUMNS(*) FROM events',
    "SELECT COLUMNS('a.*') FROM events",
    'FROM events',
    'WITH b AS (FROM events) SELECT amount FROM b',
    'SELECT e FROM events e',
    'SELECT events FROM events',
    'SELECT a FROM events AS e(a, b)',
    'SELECT amount FROM events NATURAL JOIN events',
    'SUMMARIZE events',
  ])('may be any in %s', (sql) => {
    expect(usedIn(query(sql))).toBeNull();
  });

  it('may be any for a chart', () => {
    expect(usedIn(fence('yaml chart c', 'data: events\nmark: bar'))).toBeNull();
  });
});
