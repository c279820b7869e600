/** A folder that holds an Electron distribution, and its version. */
export function ensureElectron(say?: (line: string) => void): { folder: string; version: string };
/** The executable inside a distribution folder. */
export function electronExecutable(folder: string): string;
