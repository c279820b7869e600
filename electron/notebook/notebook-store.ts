import { readFile } from 'node:fs/promises';
import { PlumblineError } from '../../engine/errors';
import { atomicWrite } from '../../engine/node/atomic-write';
import { fileError } from '../../engine/node/file-error';
import { sha256 } from '../files/sha256';

/** A notebook's bytes as text, and their SHA-256. */
export interface StoredNotebook {
  text: string;
  sha256: string;
}

export const MAX_NOTEBOOK_BYTES = 8 * 1024 * 1024;

/** Reads a notebook. Errors: `file.*`, `notebook.unreadable` when it is not UTF-8 or too large. */
export async function readNotebook(absolute: string, shown: string): Promise<StoredNotebook> {
  const bytes = await readFile(absolute).catch((thrown: unknown) => {
    throw fileError(thrown, shown);
  });
  if (bytes.byteLength > MAX_NOTEBOOK_BYTES)
    throw new PlumblineError('notebook.unreadable', `${shown} is larger than 8 MB.`, {
      hint: 'A notebook holds text only: keep data in files beside it.',
    });
  try {
    // The mark is kept in the text, so that saving gives the same bytes.
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return { text, sha256: sha256(bytes) };
  } catch (thrown) {
    throw new PlumblineError('notebook.unreadable', `${shown} is not UTF-8 text.`, { cause: thrown });
  }
}

/**
 * Saves a notebook if the file is still what the editor started from. `expectedSha256` null: it must not exist.
 * Errors: `file.changed_outside`, `file.*`.
 */
export async function saveNotebook(
  absolute: string,
  shown: string,
  text: string,
  expected: { sha256: string | null; force: boolean },
): Promise<{ sha256: string }> {
  try {
    if (!expected.force) {
      const found = await readFile(absolute).then(sha256, (thrown: NodeJS.ErrnoException) => {
        if (thrown.code === 'ENOENT') return null;
        throw thrown;
      });
      // A file that someone deleted is written again: nothing is lost by that.
      if (found !== null && found !== expected.sha256) throw changedOutside(shown);
    }
    await atomicWrite(absolute, text);
    return { sha256: sha256(text) };
  } catch (thrown) {
    throw fileError(thrown, shown);
  }
}

function changedOutside(shown: string): PlumblineError {
  return new PlumblineError('file.changed_outside', `${shown} was changed by another program.`, {
    hint: 'Reload it, or save anyway and overwrite that change.',
  });
}
