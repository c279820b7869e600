import {
  AUDIT_VERDICTS,
  type AuditExample,
  type AuditFeature,
  type AuditResult,
  type AuditVerdict,
} from '../results';
import { reasonWords } from './reasons';
import { REPORT_STYLE } from './report-style';
import { segmentsOf, VERDICT_WORDS } from './segments';
import { distanceWords, percentWords } from './words';

const BAR = 130;
const count = (value: number): string => value.toLocaleString('en-US');

/**
 * An audit as one HTML file that needs nothing else: no script, no font, no picture from elsewhere. The same result
 * gives the same bytes. `notebook` and `version` (Plumbline's) are named in its head.
 */
export function auditReport(result: AuditResult, about: { notebook: string; version: string }): string {
  const title = `Audit of ${result.file}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${REPORT_STYLE}</style>
</head>
<body>
${PATTERNS}
<h1>${escapeHtml(title)}</h1>
<p class="dim">against the training set <code>${escapeHtml(result.training_set)}</code> of ${escapeHtml(about.notebook)}; ${count(result.rows)} rows, ${result.features.length} features; Plumbline ${escapeHtml(about.version)}</p>
${verdictLine(result)}
${legend()}
${warnings(result.warnings)}
${summaryTable(result)}
${result.features
  .filter((feature) => feature.right < result.rows)
  .map((feature) => section(feature, result.rows))
  .join('\n')}
<h2>How to read this</h2>
<p>A value is <b>right</b> when it is what the definition gives at the time of its row. A value that is not was computed again at other times of the same entity: it is a <b>future value</b> when it was right only later, and <b>stale</b> when it was right earlier; the nearest such time counts, so that "ahead" and "old" are the least that explains it. What was right at no time is <b>wrong</b>. <b>Not decidable</b> is what differs but could not be tried at every time. Small numbers and categories can agree by chance.</p>
</body>
</html>
`;
}

/** Text as HTML shows it. */
export function escapeHtml(text: string): string {
  const names: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replace(/[&<>"']/g, (letter) => names[letter]!);
}

/** Fills that differ without colour: a bar reads on paper and for every eye. */
const PATTERNS = `<svg width="0" height="0" aria-hidden="true" style="position:absolute"><defs>
<pattern id="right" width="6" height="6" patternUnits="userSpaceOnUse"><rect width="6" height="6" fill="var(--right)"/></pattern>
<pattern id="future" width="6" height="6" patternUnits="userSpaceOnUse"><rect width="6" height="6" fill="var(--future)"/><path d="M-1 7L7 -1" stroke="var(--bg)" stroke-width="1.4"/></pattern>
<pattern id="stale" width="5" height="5" patternUnits="userSpaceOnUse"><rect width="5" height="5" fill="var(--stale)"/><circle cx="2.5" cy="2.5" r="1.1" fill="var(--bg)"/></pattern>
<pattern id="wrong" width="6" height="6" patternUnits="userSpaceOnUse"><rect width="6" height="6" fill="var(--wrong)"/><path d="M0 0L6 6M6 0L0 6" stroke="var(--bg)" stroke-width="1"/></pattern>
<pattern id="not_decidable" width="4" height="6" patternUnits="userSpaceOnUse"><rect width="4" height="6" fill="var(--not_decidable)"/><path d="M2 0V6" stroke="var(--bg)" stroke-width="1.2"/></pattern>
</defs></svg>`;

function verdictLine({
  rows,
  rows_not_right: wrong,
  percent_not_right: percent,
  limit,
}: AuditResult): string {
  if (rows === 0) return '<p class="verdict past">The file has no rows: nothing was audited.</p>';
  const within = percent <= limit;
  const state = within ? `within the limit of ${limit} %` : `past the limit of ${limit} %`;
  return `<p class="verdict ${within ? 'within' : 'past'}">${count(wrong)} of ${count(rows)} rows (${percentWords(wrong, rows)}) are not right: ${state}.</p>`;
}

function legend(): string {
  const entries = AUDIT_VERDICTS.map(
    (verdict) =>
      `<li><svg width="14" height="12" aria-hidden="true"><rect width="14" height="12" fill="url(#${verdict})"/></svg>${VERDICT_WORDS[verdict]}</li>`,
  );
  return `<ul class="legend">${entries.join('')}</ul>`;
}

function warnings(all: readonly string[]): string {
  if (all.length === 0) return '';
  return `<ul class="plain">${all.map((warning) => `<li>${escapeHtml(warning)}</li>`).join('')}</ul>`;
}

const HEADS = [
  'feature',
  'rows by verdict',
  ...AUDIT_VERDICTS.map((verdict) => VERDICT_WORDS[verdict]),
  'ahead',
  'old',
  'as a naive join',
];

function summaryTable({ features, rows }: AuditResult): string {
  const heads = HEADS.map((head, index) => `<th${index > 1 ? ' class="right"' : ''}>${head}</th>`);
  const lines = features.map((feature) => {
    const numbers = [
      ...AUDIT_VERDICTS.map(
        (verdict) =>
          `${count(feature[verdict])}<br><span class="dim">${percentWords(feature[verdict], rows)}</span>`,
      ),
      distances(feature.ahead),
      distances(feature.age),
      count(feature.equals_naive),
    ];
    return `<tr><td>${escapeHtml(feature.column)}<br><span class="dim">${escapeHtml(feature.ref)}</span></td><td>${bar(feature, rows)}</td>${numbers.map((number) => `<td class="right">${number}</td>`).join('')}</tr>`;
  });
  return `<div class="scroll"><table><thead><tr>${heads.join('')}</tr></thead><tbody>${lines.join('\n')}</tbody></table></div>`;
}

function distances(distance: AuditFeature['ahead']): string {
  if (distance === null) return '–';
  return `median ${distanceWords(distance.median_us)}<br><span class="dim">at most ${distanceWords(distance.max_us)}</span>`;
}

function bar(feature: AuditFeature, rows: number): string {
  const segments = segmentsOf(feature, BAR);
  const words = segments.map(
    ({ verdict, rows: part }) => `${VERDICT_WORDS[verdict]} ${percentWords(part, rows)}`,
  );
  const rects = segments.map(
    ({ verdict, from, width }) =>
      `<rect x="${from.toFixed(2)}" width="${width.toFixed(2)}" height="12" fill="url(#${verdict})"/>`,
  );
  return `<svg width="${BAR}" height="12" role="img" aria-label="${escapeHtml(words.join(', '))}">${rects.join('')}</svg>`;
}

function section(feature: AuditFeature, rows: number): string {
  const reasons = feature.reasons.map(
    ({ reason, rows: part }) =>
      `<li>${count(part)} rows (${percentWords(part, rows)}): the value ${escapeHtml(reasonWords(reason))}</li>`,
  );
  const keys = Object.keys(feature.examples[0]?.entity ?? {});
  const heads = ['row', ...keys, 'time', 'in the file', 'truth', 'verdict', 'away', 'why'];
  return `<section>
<h2>${escapeHtml(feature.column)}</h2>
<ul class="plain">${reasons.join('')}</ul>
<div class="scroll"><table><thead><tr>${heads.map((head) => `<th>${escapeHtml(head)}</th>`).join('')}</tr></thead><tbody>
${feature.examples.map((example) => exampleRow(example, keys)).join('\n')}
</tbody></table></div>
</section>`;
}

function exampleRow(example: AuditExample, keys: readonly string[]): string {
  const value = (text: string | null | undefined): string =>
    `<td class="value">${text === null || text === undefined ? '<span class="dim">NULL</span>' : escapeHtml(text)}</td>`;
  const verdict: AuditVerdict = example.verdict;
  const away = example.distance_us === null ? '–' : distanceWords(example.distance_us);
  return `<tr><td>${count(example.row)}</td>${keys.map((key) => value(example.entity[key])).join('')}${value(example.time)}${value(example.in_file)}${value(example.truth)}<td>${VERDICT_WORDS[verdict]}</td><td>${away}</td><td>the value ${escapeHtml(reasonWords(example.reason))}</td></tr>`;
}
