/** A feature table against a log of the same rows: what the figures of the skew charts compare. */
export const SKEW_NOTEBOOK = `---
plumbline: 1
---

\`\`\`yaml source days
files: days.parquet
timestamp: ts
\`\`\`

\`\`\`yaml source log
files: log.parquet
timestamp: ts
\`\`\`

\`\`\`yaml entity user
join_keys: { user_id: int64 }
\`\`\`

\`\`\`yaml view daily
entity: user
source: days
features:
  x: { type: float64, column: x, default: 0.0 }
  n: { type: int64, column: n }
\`\`\`

\`\`\`yaml training-set train
spine: { sql: "SELECT user_id, ts FROM days" }
timestamp: ts
features: [daily:x, daily:n]
\`\`\`

\`\`\`yaml skew check
training_set: train
serving: { source: log }
\`\`\`
`;
