import type { FeatureType, ScalarType } from '../catalog/model';
import { elementType, isListType } from '../catalog/feature-type';

/** Feast's names of Plumbline's types (feast.types). */
const TYPES: Record<ScalarType, string> = {
  int32: 'Int32',
  int64: 'Int64',
  float32: 'Float32',
  float64: 'Float64',
  bool: 'Bool',
  string: 'String',
  bytes: 'Bytes',
  timestamp: 'UnixTimestamp',
};

/** `Array(Float64)` for `float64[]`. */
export function feastType(type: FeatureType): string {
  const name = TYPES[elementType(type)];
  return isListType(type) ? `Array(${name})` : name;
}

/** The names that a file with these types has to import. */
export function importedTypes(types: readonly FeatureType[]): string[] {
  const names = types.flatMap((type) => [TYPES[elementType(type)], ...(isListType(type) ? ['Array'] : [])]);
  return [...new Set(names)].sort();
}

/** A text as Python, and YAML 1.2 as well, reads it back. */
export const pythonText = (text: string): string => JSON.stringify(text);

/** Comment lines of at most 100 letters; line ends inside the text begin a new one. */
export function comment(text: string): string[] {
  return text.split(/\r\n|\r|\n/).flatMap((line) => {
    const lines: string[] = [''];
    for (const word of line.split(' ')) {
      const last = lines.at(-1)!;
      if (last !== '' && last.length + word.length > 97) lines.push(word);
      else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
    }
    return lines.map((one) => `# ${one}`.trimEnd());
  });
}

/** `name(` with one argument a line. */
export function call(name: string, args: readonly string[]): string[] {
  return [`${name}(`, ...args.map((arg) => `    ${arg},`), ')'];
}
