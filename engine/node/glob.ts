/** The part of a pattern before its first folder with a wildcard; the whole pattern when it has none. */
export function globRoot(pattern: string): string {
  const parts = pattern.split('/');
  const first = parts.findIndex((part) => /[*?]/.test(part));
  if (first === -1) return pattern;
  return parts.slice(0, first).join('/') || (pattern.startsWith('/') ? '/' : '.');
}

/** `*` and `?` stay within one name, `**` spans folders; a leading `./` means nothing. */
export function globExpression(pattern: string): RegExp {
  const parts = pattern.replace(/^(\.\/)+/, '').split('/');
  let source = '';
  parts.forEach((part, index) => {
    const last = index === parts.length - 1;
    if (part === '**') source += last ? '.*' : '(?:[^/]+/)*';
    else
      source +=
        part
          .replace(/[.+^${}()|[\]\\]/g, '\\$&')
          .replace(/\*+/g, '[^/]*')
          .replaceAll('?', '[^/]') + (last ? '' : '/');
  });
  return new RegExp(`^${source}$`, 'u');
}
