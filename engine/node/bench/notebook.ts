/** The notebook that the benchmark runs: one feature table, one view of windows, a training set of each. */
export const BENCH_NOTEBOOK = `---
plumbline: 1
---

\`\`\`yaml source daily
files: daily.parquet
timestamp: event_timestamp
\`\`\`

\`\`\`yaml source events
files: events.parquet
timestamp: event_timestamp
\`\`\`

\`\`\`yaml source spine
files: spine.parquet
timestamp: event_timestamp
\`\`\`

\`\`\`yaml entity user
join_keys: { user_id: int64 }
\`\`\`

\`\`\`yaml view user_daily
entity: user
source: daily
ttl: 2d
features:
  f1: { type: float64, column: f1 }
  f2: { type: int32, column: f2 }
  f3: { type: float64, column: f3 }
  f4: { type: int64, column: f4 }
\`\`\`

\`\`\`yaml view user_events
entity: user
source: events
features:
  count_1h: { type: int64, window: 1h, count: "*" }
  sum_7d: { type: float64, window: 7d, sum: amount }
  avg_30d: { type: float64, window: 30d, avg: amount }
\`\`\`

\`\`\`yaml training-set as_of
spine:
  sql: SELECT user_id, event_timestamp, label FROM spine
timestamp: event_timestamp
label: label
features: [user_daily:f1, user_daily:f2, user_daily:f3, user_daily:f4]
\`\`\`

\`\`\`yaml training-set windows
spine:
  sql: SELECT user_id, event_timestamp, label FROM spine
timestamp: event_timestamp
label: label
features: [user_events:count_1h, user_events:sum_7d, user_events:avg_30d]
\`\`\`
`;
