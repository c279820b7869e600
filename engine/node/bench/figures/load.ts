import { queryRows } from '../../../database/rows';
import { loadSource } from '../../../database/source-loader';
import { digestSql } from '../engine-side';
import { count, withSession, type Figure } from '../figure';
import { compare } from '../measure';
import { nativeSide } from '../native-side';

const USED = ['user_id', 'event_timestamp', 'amount'];

/** Parquet to a table, only the columns that the notebook uses, and the first page of rows. */
export const load: Figure = {
  name: 'load',
  async measure(bench) {
    const { data, runs } = bench;
    await data.need('events');
    const native = nativeSide(
      data,
      'native DuckDB, CREATE TABLE AS, one thread',
      `SELECT ${USED.join(', ')} FROM '${data.file('events')}'`,
      ['amount'],
    );
    return withSession(bench, [], async ({ host, notebook }) => {
      const source = notebook.analysis.catalog.sources.get('events')!;
      const ours = {
        name: 'one engine',
        async run() {
          await loadSource(host.database, host.files, host.reader, source, {
            columns: new Set(USED),
          });
          await host.database.query(`SELECT ${USED.join(', ')} FROM events LIMIT 10000`);
        },
        async digest() {
          const [row] = await queryRows(host.database, digestSql('events', ['amount']));
          return Object.values(row!).map(Number);
        },
      };
      const what = 'load, 3 of 4 columns, and 10,000 rows shown';
      const size = `${count(data.sizes.events)} rows`;
      return [await compare({ figure: 'load', what, goal: 1.5, size }, ours, native, runs)];
    });
  },
};
