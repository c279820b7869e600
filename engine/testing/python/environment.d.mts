/** Python with Feast, pandas and polars; or null, and why there is none. */
export type PythonEnvironment = { python: string; missing: null } | { python: null; missing: string };

/**
 * The environment of requirements.txt in the user's cache folder, made on first use (some 40 s). Never throws: what
 * stands in the way is in `missing`, and is said.
 */
export function ensurePython(say?: (line: string) => void): PythonEnvironment;
