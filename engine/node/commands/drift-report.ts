import { ageText } from '../../skew/drift/drift-alarms';
import type { DriftFeature, DriftFreshness, DriftResult } from '../../skew/drift/drift-result';

/** A drift check for people: a line a feature and view, then the alarms. */
export function driftLines({ features, freshness, reference, alarms, warnings }: DriftResult): string[] {
  return [
    `    reference ${reference.start} to ${reference.end}, ${reference.rows.toLocaleString('en-US')} rows`,
    ...features.map(featureLine),
    ...freshness.map(freshnessLine),
    ...[...alarms, ...warnings].map((text) => `    ! ${text}`),
  ];
}

function featureLine({ ref, windows, worst }: DriftFeature): string {
  const gaps = windows.filter(({ rows }) => rows === 0).length;
  const above = windows.filter((one) => one.alarms.length > 0).length;
  const count = `${windows.length} windows${gaps === 0 ? '' : `, ${gaps} without rows`}`;
  const most = worst === null ? 'no PSI' : `worst PSI ${worst.psi.toFixed(3)} at ${worst.start}`;
  return `    ${ref.padEnd(44)} ${count}, ${most}, ${above} with an alarm`;
}

function freshnessLine({ view, sla_ms: sla, windows }: DriftFreshness): string {
  const ages = windows.flatMap(({ age_ms: age }) => (age === null ? [] : [age]));
  const oldest = ages.length === 0 ? 'no row was visible' : `at most ${ageText(Math.max(...ages))} old`;
  const late = windows.filter((one) => one.late).length;
  const promise = sla === null ? 'no SLA' : `SLA ${ageText(sla)}, ${late} late`;
  return `    ${`${view} (freshness)`.padEnd(44)} ${oldest}, ${promise}`;
}
