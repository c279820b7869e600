import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const DATA = join(import.meta.dirname, '../sample-data/data');

const NOTEBOOK = `---
plumbline: 1
title: Small
---

\`\`\`yaml source user_days
files: user_daily.parquet
timestamp: event_timestamp
\`\`\`

\`\`\`yaml entity user
join_keys: { user_id: int64 }
\`\`\`

\`\`\`yaml view user_daily
entity: user
source: user_days
created_timestamp: created_at
features:
  tier: { type: string, column: tier, default: free }
  sessions: { type: int32, column: sessions_30d }
\`\`\`

\`\`\`sql query days
SELECT count(*) AS days, count(DISTINCT user_id) AS users, sum(sessions_30d) AS sessions FROM user_days
\`\`\`

\`\`\`sql query endless
SELECT sum(range % 7) AS n FROM range(1000000000000), (SELECT count(*) FROM user_days)
\`\`\`

\`\`\`yaml materialize push
views: [user_daily]
end: max
redis: dev
project: small
\`\`\`

\`\`\`yaml lookup look
redis: dev
project: small
entities: [{ user_id: 42 }]
features: [user_daily:tier, user_daily:sessions]
\`\`\`
`;

/** A workspace with one file of the sample and cells that are quick, endless, and about Redis. Opening it runs nothing. */
export interface SmallNotebook {
  folder: string;
  file: string;
  remove(): void;
}

export function smallNotebook(): SmallNotebook {
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-small-'));
  const file = join(folder, 'small.plumb.md');
  writeFileSync(file, NOTEBOOK);
  copyFileSync(join(DATA, 'user_daily.parquet'), join(folder, 'user_daily.parquet'));
  return { folder, file, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
