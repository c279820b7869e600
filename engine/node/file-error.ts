import { PlumblineError } from '../errors';

/** A file system failure as an error from the list; `needed` is how many bytes were to be written. */
export function fileError(thrown: unknown, path: string, needed?: number): PlumblineError {
  if (thrown instanceof PlumblineError) return thrown;
  const code = (thrown as NodeJS.ErrnoException | null)?.code;
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new PlumblineError('file.not_found', `${path} does not exist.`, {
        cause: thrown,
        hint: "Check the path; it counts from the notebook's folder.",
      });
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new PlumblineError('file.denied', `You may not access ${path}.`, {
        cause: thrown,
        hint: 'Change its permissions, or choose another place.',
      });
    case 'ENOSPC':
    case 'EDQUOT':
      return new PlumblineError(
        'file.no_space',
        `There is no space left for ${path}${needed === undefined ? '' : ` (${needed} bytes)`}.`,
        { cause: thrown, hint: 'Free some space; the file that was there before is unchanged.' },
      );
    default:
      return new PlumblineError('file.failed', `${path}: ${(thrown as Error).message}`, {
        cause: thrown,
        hint: 'The file system refused it; the file that was there before is unchanged.',
      });
  }
}
