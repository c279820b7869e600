import { PlumblineError } from '../../engine/errors';

/** A failed file operation as an error of ours, naming the file. */
export function fileError(thrown: unknown, doing: string, path: string): PlumblineError {
  if (thrown instanceof PlumblineError) return thrown;
  switch ((thrown as NodeJS.ErrnoException).code) {
    case 'ENOENT':
      return new PlumblineError('file.not_found', `Could not ${doing} ${path}: there is no such file.`, {
        cause: thrown,
      });
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new PlumblineError('file.denied', `Could not ${doing} ${path}: access is denied.`, {
        hint: 'Check the permissions of the file and its folder.',
        cause: thrown,
      });
    case 'ENOSPC':
    case 'EDQUOT':
      return new PlumblineError('file.no_space', `Could not ${doing} ${path}: the disk is full.`, {
        hint: 'Free some space and try again; the old file is untouched.',
        cause: thrown,
        retryable: true,
      });
    default:
      return new PlumblineError('file.failed', `Could not ${doing} ${path}.`, { cause: thrown });
  }
}
