/** Bytes are not counted here but UTF-16 units: close enough for a limit. */
const LONGEST = 1 << 20;
const DEEPEST = 64;
const WIDEST_INDENT = 256;

/**
 * Why a YAML text is refused before the parser sees it, or null. Nesting beyond these limits is of no use in a
 * notebook and makes the parser recurse, or run out of memory, beyond recovery.
 */
export function yamlRefusal(text: string): { message: string; offset: number } | null {
  if (text.length > LONGEST) return { message: 'The YAML is longer than 1 MiB.', offset: 0 };
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 91 || code === 123) depth++;
    else if (code === 93 || code === 125) depth = Math.max(0, depth - 1);
    if (depth > DEEPEST) return { message: `The YAML is nested deeper than ${DEEPEST} levels.`, offset: i };
  }
  const wide = /^[ \t?:-]{257}/m.exec(text);
  if (wide !== null)
    return { message: `The YAML is indented by more than ${WIDEST_INDENT} columns.`, offset: wide.index };
  return null;
}
