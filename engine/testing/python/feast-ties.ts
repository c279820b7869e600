import type { Question } from './question';

const at = (seconds: string): string => `TIMESTAMPTZ '2025-01-01 00:00:00+00' + to_seconds(${seconds})`;

/** Three versions of every row, written in an order of chance; the last one made has x = 2, whatever the row. */
export const TIES: Question = {
  name: 'ties',
  spine: `SELECT i::BIGINT AS n, i::BIGINT AS u, ${at('3600')} AS t FROM range(100) r(i)`,
  views: [
    {
      name: 'v',
      keys: { u: 'int64' },
      features: { x: 'int64' },
      rows: `SELECT u::BIGINT AS u, ${at('60 * hour')} AS happened, ${at('3600 * version')} AS made, version::BIGINT AS x
        FROM range(100) a(u), range(10) b(hour), range(3) c(version) ORDER BY hash(u * 1000 + hour * 10 + version)`,
      ttl: null,
      created: true,
    },
  ],
};
