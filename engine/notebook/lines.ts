/** Text cut into lines without losing a byte: LF, CRLF and lone CR all end a line. */
export interface Line {
  /** Without its line end. */
  text: string;
  /** `\n`, `\r\n`, `\r`, or empty for a last line that nothing ends. */
  end: string;
}

export function linesOf(text: string): Line[] {
  const lines: Line[] = [];
  const pattern = /\r\n|\n|\r/g;
  let start = 0;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    lines.push({ text: text.slice(start, match.index), end: match[0] });
    start = pattern.lastIndex;
  }
  if (start < text.length) lines.push({ text: text.slice(start), end: '' });
  return lines;
}

export function countLineEnds(text: string): number {
  let count = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 10 || (code === 13 && text.charCodeAt(i + 1) !== 10)) count++;
  }
  return count;
}

export function isBlank(text: string): boolean {
  return /^[ \t\r\n]*$/.test(text);
}

export function withLineEnd(text: string, lineEnd: '\n' | '\r\n'): string {
  const unix = text.replace(/\r\n|\r/g, '\n');
  return lineEnd === '\n' ? unix : unix.replaceAll('\n', '\r\n');
}

/** Line and column, both from 1, of an offset in text that has LF line ends. */
export function placeInText(text: string, offset: number): { line: number; column: number } {
  const end = Math.max(0, Math.min(offset, text.length));
  let line = 1;
  let start = 0;
  for (let at = text.indexOf('\n'); at !== -1 && at < end; at = text.indexOf('\n', at + 1)) {
    line++;
    start = at + 1;
  }
  return { line, column: end - start + 1 };
}
