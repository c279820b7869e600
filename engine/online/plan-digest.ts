import { canonicalJson } from '../database/manifest-parts';
import { hex, utf8 } from './byte-writer';
import type { MaterializationPlan } from './plan';

async function sha256(bytes: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>));
}

/**
 * Digest of everything that a plan would send and of where to: SHA-256 over what is common to all rows and over the
 * digests of the batches. Two plans with the same one leave the same bytes.
 */
export async function planDigest(
  { job, views, batches }: MaterializationPlan,
  target: string,
): Promise<string> {
  const common = canonicalJson({
    target,
    project: job.project,
    replace: job.replace ?? 'newer',
    expire: job.expire ?? null,
    views: views.map(({ view, fields }) => ({
      view: view.view,
      keys: view.joinKeys,
      features: view.features.map(({ name, type }) => ({ name, type })),
      fields: fields.map(hex),
    })),
    batches: batches.map(({ view, rows, width }) => [view, rows, width]),
  });
  const digests = [await sha256(utf8(common))];
  for (const { bytes, ends } of batches) {
    digests.push(await sha256(bytes));
    digests.push(await sha256(new Uint8Array(ends.buffer, ends.byteOffset, ends.byteLength)));
  }
  const all = new Uint8Array(digests.length * 32);
  digests.forEach((digest, i) => all.set(digest, i * 32));
  return hex(await sha256(all));
}
