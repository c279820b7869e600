import { parseArgs } from 'node:util';
import { PlumblineError } from '../../errors';

export const USAGE = `plumbline: point-in-time features from a notebook, without a screen

  plumbline run FILE [--cell NAME ...] [--out DIR] [--redis NAME=URL ...] [--write] [--json]
                     [--drop-journal] [--threads N] [--allow-outside] [--check-manifest]
  plumbline backfill FILE --cell NAME [--out DIR] [--json] [--allow-outside]
  plumbline check FILE [--json]
  plumbline explain FILE --set NAME --row N --feature VIEW:FEATURE [--limit ROWS] [--json]
  plumbline sql FILE --cell NAME [--plan] [--dialect duckdb]
  plumbline export-feast FILE --out DIR [--project NAME] [--redis URL] [--json] [--allow-outside]
  plumbline inspect URL [--notebook NOTEBOOK] [--project NAME] [--entity KEY=VALUE ...] [--limit KEYS] [--json]
  plumbline inspect URL --notebook NOTEBOOK --view NAME [--at TIME] [--project NAME] [--limit KEYS] [--json]
  plumbline audit FILE --notebook NOTEBOOK --set NAME [--limit PERCENT] [--html REPORT] [--json]
                     [--allow-outside]

run      runs the named cells and what they need, else all of them. A materialize or backfill cell says
         what it would write only, unless --write. An interrupted write to Redis goes on where it ended; when
         something else would be written now, --drop-journal gives it up. Exit code 0: all ran, 1: a cell
         failed, 2: usage or unreadable file. --threads: engines that share large training sets, one less than the cores if absent.
backfill writes the files of one backfill cell that are not there yet; run again, it goes on where it ended.
check    parses and binds everything and runs nothing; prints file:line:column messages.
explain  says which source rows made one value of a training set, and which did not and why.
sql      prints the SQL that a cell compiles to; with --plan, how it would be computed and why so.
export-feast  writes a Feast repository (feature_store.yaml, features.py, Parquet files) that \`feast apply\` takes and that
         reads what the notebook materializes. No password is written; --redis names the store, else localhost.
inspect  shows what a Redis (redis://host:port/db) holds of Feast's features: projects, views, ages, sizes, fields that
         nobody owns; --entity shows values too. A notebook gives the features their names. --view holds one view
         against its values as computed at TIME (default max). Exit code 1: something differs. Writes nothing.
audit    holds a training file that someone made against the features of a training set: which values are right,
         from the future, stale or wrong. Exit code 1: more than PERCENT (default 0) of the rows are not right,
         2: usage, or the file could not be audited.
`;

export interface RunArguments {
  command: 'run';
  file: string;
  cells: string[];
  out: string | null;
  redis: Record<string, string>;
  write: boolean;
  json: boolean;
  /** Engines for whole runs; null = one less than the machine's cores. */
  threads: number | null;
  allowOutside: boolean;
  checkManifest: boolean;
  /** Whether an interrupted write is given up. */
  dropJournal: boolean;
}
export interface BackfillArguments {
  command: 'backfill';
  file: string;
  cell: string;
  out: string | null;
  json: boolean;
  allowOutside: boolean;
}
export interface CheckArguments {
  command: 'check';
  file: string;
  json: boolean;
  allowOutside: boolean;
}
export interface ExplainArguments {
  command: 'explain';
  file: string;
  set: string;
  /** From 0, in spine order. */
  row: number;
  feature: string;
  /** Source rows that are listed, at most. */
  limit: number;
  json: boolean;
  allowOutside: boolean;
}
export interface SqlArguments {
  command: 'sql';
  file: string;
  cell: string;
  /** Whether the choice of plans is wanted instead of the SQL. */
  plan: boolean;
  allowOutside: boolean;
}
export interface ExportFeastArguments {
  command: 'export-feast';
  file: string;
  out: string;
  /** null = that of the materialize cells. */
  project: string | null;
  redis: string;
  json: boolean;
  allowOutside: boolean;
}
export interface InspectArguments {
  command: 'inspect';
  /** A redis:// URL. */
  redis: string;
  notebook: string | null;
  /** null = all, or for a difference that of the materialize cells. */
  project: string | null;
  entity: Record<string, string>;
  /** Keys that are looked at, at most. */
  limit: number;
  /** Entities whose values are shown. */
  shown: number;
  /** The view to compare; null = inspect only. */
  view: string | null;
  /** A time, or `max`. */
  at: string;
  json: boolean;
  allowOutside: boolean;
}
export interface AuditArguments {
  command: 'audit';
  /** The training file. */
  file: string;
  notebook: string;
  set: string;
  /** Percent. */
  limit: number;
  /** Where the report goes; null = none. */
  html: string | null;
  json: boolean;
  allowOutside: boolean;
}
export type Arguments =
  | RunArguments
  | BackfillArguments
  | CheckArguments
  | ExplainArguments
  | SqlArguments
  | ExportFeastArguments
  | InspectArguments
  | AuditArguments
  | { command: 'help' }
  | { command: 'version' };

const usage = (message: string) =>
  new PlumblineError('usage', message, { hint: 'plumbline --help lists commands and options.' });

/** Parses the words after `plumbline`. Errors: `usage`. */
export function parseArguments(words: string[]): Arguments {
  const [command, ...rest] = words;
  if (command === undefined || command === 'help' || words.includes('--help') || words.includes('-h'))
    return { command: 'help' };
  if (command === '--version' || command === 'version') return { command: 'version' };
  switch (command) {
    case 'run':
      return runArguments(rest);
    case 'backfill':
      return backfillArguments(rest);
    case 'check': {
      const { file, values } = options(rest, { json: flag, 'allow-outside': flag });
      return { command, file, json: values.json === true, allowOutside: values['allow-outside'] === true };
    }
    case 'explain':
      return explainArguments(rest);
    case 'sql': {
      const { file, values } = options(rest, {
        cell: text,
        plan: flag,
        dialect: text,
        'allow-outside': flag,
      });
      if (values.dialect !== undefined && values.dialect !== 'duckdb')
        throw usage(`No dialect "${String(values.dialect)}": duckdb is the one there is.`);
      return {
        command,
        file,
        cell: required(values.cell, '--cell NAME'),
        plan: values.plan === true,
        allowOutside: values['allow-outside'] === true,
      };
    }
    case 'export-feast':
      return exportFeastArguments(rest);
    case 'inspect':
      return inspectArguments(rest);
    case 'audit':
      return auditArguments(rest);
    default:
      throw usage(`No command "${command}".`);
  }
}

const flag = { type: 'boolean' } as const;
const text = { type: 'string' } as const;
const many = { type: 'string', multiple: true } as const;
type OptionTable = Record<string, typeof flag | typeof text | typeof many>;

function options(words: string[], table: OptionTable, what = 'notebook file') {
  let parsed;
  try {
    parsed = parseArgs({ args: words, options: table, allowPositionals: true, strict: true });
  } catch (error) {
    throw usage(error instanceof Error ? error.message : String(error));
  }
  const [file, ...extra] = parsed.positionals;
  if (file === undefined) throw usage(`Name the ${what}.`);
  if (extra.length > 0) throw usage(`One file at a time; left over: ${extra.join(' ')}.`);
  return { file, values: parsed.values as Record<string, string | boolean | string[] | undefined> };
}

function required(value: string | boolean | string[] | undefined, what: string): string {
  if (typeof value !== 'string' || value === '') throw usage(`${what} is missing.`);
  return value;
}

function wholeNumber(value: string, what: string, least: number): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number) || number < least)
    throw usage(`${what} takes a whole number from ${least}, not "${value}".`);
  return number;
}

function runArguments(words: string[]): RunArguments {
  const { file, values } = options(words, {
    cell: many,
    out: text,
    redis: many,
    write: flag,
    json: flag,
    threads: text,
    'allow-outside': flag,
    'check-manifest': flag,
    'drop-journal': flag,
  });
  const redis: Record<string, string> = {};
  for (const pair of (values.redis as string[] | undefined) ?? []) {
    const split = /^([a-z_][a-z0-9_]*)=(.+)$/.exec(pair);
    if (!split)
      throw usage(`--redis takes NAME=URL, for instance dev=redis://127.0.0.1:6379/0, not "${pair}".`);
    redis[split[1]!] = split[2]!;
  }
  return {
    command: 'run',
    file,
    cells: (values.cell as string[] | undefined) ?? [],
    out: values.out === undefined ? null : required(values.out, '--out DIR'),
    redis,
    write: values.write === true,
    json: values.json === true,
    threads: values.threads === undefined ? null : wholeNumber(String(values.threads), '--threads', 1),
    allowOutside: values['allow-outside'] === true,
    checkManifest: values['check-manifest'] === true,
    dropJournal: values['drop-journal'] === true,
  };
}

function backfillArguments(words: string[]): BackfillArguments {
  const { file, values } = options(words, { cell: text, out: text, json: flag, 'allow-outside': flag });
  return {
    command: 'backfill',
    file,
    cell: required(values.cell, '--cell NAME'),
    out: values.out === undefined ? null : required(values.out, '--out DIR'),
    json: values.json === true,
    allowOutside: values['allow-outside'] === true,
  };
}

function explainArguments(words: string[]): ExplainArguments {
  const { file, values } = options(words, {
    set: text,
    row: text,
    feature: text,
    limit: text,
    json: flag,
    'allow-outside': flag,
  });
  const feature = required(values.feature, '--feature VIEW:FEATURE');
  if (!/^[^:]+:[^:]+$/.test(feature)) throw usage(`--feature takes VIEW:FEATURE, not "${feature}".`);
  return {
    command: 'explain',
    file,
    set: required(values.set, '--set NAME'),
    row: wholeNumber(required(values.row, '--row N'), '--row', 0),
    feature,
    limit: values.limit === undefined ? 50 : wholeNumber(String(values.limit), '--limit', 1),
    json: values.json === true,
    allowOutside: values['allow-outside'] === true,
  };
}

function exportFeastArguments(words: string[]): ExportFeastArguments {
  const table = { out: text, project: text, redis: text, json: flag, 'allow-outside': flag };
  const { file, values } = options(words, table);
  return {
    command: 'export-feast',
    file,
    out: required(values.out, '--out DIR'),
    project: values.project === undefined ? null : required(values.project, '--project NAME'),
    redis: values.redis === undefined ? 'redis://localhost:6379/0' : required(values.redis, '--redis URL'),
    json: values.json === true,
    allowOutside: values['allow-outside'] === true,
  };
}

const SHOWN_ENTITIES = 20;

function inspectArguments(words: string[]): InspectArguments {
  const table = {
    notebook: text,
    project: text,
    entity: many,
    limit: text,
    view: text,
    at: text,
    json: flag,
    'allow-outside': flag,
  };
  const { file: redis, values } = options(words, table, 'Redis: redis://localhost:6379/0');
  const entity: Record<string, string> = {};
  for (const pair of (values.entity as string[] | undefined) ?? []) {
    const split = /^([^=]+)=([^]*)$/.exec(pair);
    if (!split) throw usage(`--entity takes KEY=VALUE, for instance user_id=42, not "${pair}".`);
    entity[split[1]!] = split[2]!;
  }
  const optional = (value: unknown, what: string) =>
    value === undefined ? null : required(value as string, what);
  const view = optional(values.view, '--view NAME');
  const notebook = optional(values.notebook, '--notebook NOTEBOOK');
  if (view !== null && notebook === null)
    throw usage('--view needs --notebook: that is where its values come from.');
  return {
    command: 'inspect',
    redis,
    notebook,
    project: optional(values.project, '--project NAME'),
    entity,
    limit: values.limit === undefined ? 100_000 : wholeNumber(String(values.limit), '--limit', 1),
    shown: Object.keys(entity).length === 0 ? 0 : SHOWN_ENTITIES,
    view,
    at: values.at === undefined ? 'max' : required(values.at, '--at TIME'),
    json: values.json === true,
    allowOutside: values['allow-outside'] === true,
  };
}

function auditArguments(words: string[]): AuditArguments {
  const table = { notebook: text, set: text, limit: text, html: text, json: flag, 'allow-outside': flag };
  const { file, values } = options(words, table, 'training file');
  const limit = values.limit === undefined ? 0 : Number(String(values.limit).replace(/ ?%$/, ''));
  if (!(limit >= 0 && limit <= 100))
    throw usage(`--limit takes percent from 0 to 100, not "${String(values.limit)}".`);
  return {
    command: 'audit',
    file,
    notebook: required(values.notebook, '--notebook NOTEBOOK'),
    set: required(values.set, '--set NAME'),
    limit,
    html: values.html === undefined ? null : required(values.html, '--html REPORT'),
    json: values.json === true,
    allowOutside: values['allow-outside'] === true,
  };
}
