/** The only pages that the app opens in a browser. Nothing of a notebook ever becomes part of an address. */
export const HELP_LINKS = {
  docs: 'https://plumbline.example.com/docs',
  issues: 'https://plumbline.example.com/issues',
  feast: 'https://docs.feast.dev/',
  'duckdb-sql': 'https://duckdb.org/docs/stable/sql/introduction',
  'vega-lite': 'https://vega.github.io/vega-lite/docs/',
} as const;

export type HelpTopic = keyof typeof HELP_LINKS;

/** The address of a topic; undefined for anything that is not on the list. */
export function helpLink(topic: string): string | undefined {
  return Object.hasOwn(HELP_LINKS, topic) ? HELP_LINKS[topic as HelpTopic] : undefined;
}
