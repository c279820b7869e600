import { isAbsolute, resolve } from 'node:path';

/**
 * The notebook that a command line names (file association, second instance), absolute, or null. Options are passed
 * over, and so is the app's own folder, which is not a notebook.
 */
export function notebookArgument(argv: readonly string[], workingFolder: string): string | null {
  for (const argument of argv.slice(1).reverse()) {
    if (argument.startsWith('-') || !/\.md$/i.test(argument)) continue;
    return isAbsolute(argument) ? argument : resolve(workingFolder, argument);
  }
  return null;
}
