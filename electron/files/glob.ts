/** The folder of a pattern up to its first wildcard, and the pattern as a regular expression over whole paths. */
export interface Glob {
  base: string;
  matches(path: string): boolean;
  hasWildcard: boolean;
}

/** Parses a path or glob with forward slashes: `*` and `?` stay in a folder, `**` crosses folders. */
export function parseGlob(pattern: string): Glob {
  const parts = pattern.replace(/^\.\//, '').split('/');
  const firstWild = parts.findIndex((part) => /[*?]/.test(part));
  const hasWildcard = firstWild >= 0;
  const source = parts
    .map((part, index) => {
      const last = index === parts.length - 1;
      if (part === '**') return last ? '.*' : '(?:[^/]+/)*';
      return (
        part
          .replace(/[.+^${}()|[\]\\]/g, '\\$&')
          .replace(/\*/g, '[^/]*')
          .replace(/\?/g, '[^/]') + (last ? '' : '/')
      );
    })
    .join('');
  const expression = new RegExp(`^${source}$`, 's');
  return {
    base: (hasWildcard ? parts.slice(0, firstWild) : parts.slice(0, -1)).join('/'),
    matches: (path) => expression.test(path.replace(/^\.\//, '')),
    hasWildcard,
  };
}
