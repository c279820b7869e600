import { Type, tableFromIPC, type DataType } from '@uwdata/flechette';
import { PlumblineError } from '../errors';
import { arrowStream } from './arrow-stream';

/**
 * Results that cannot leave the engine whole: ENUM values come without their dictionary, and the fields of an
 * unnamed struct overwrite each other. Null when the schema message is sound.
 */
export function undecodable(schema: Uint8Array): PlumblineError | null {
  for (const field of tableFromIPC(arrowStream(schema, [])).schema.fields) {
    const problem = problemOf(field.type);
    if (problem !== null)
      return new PlumblineError('sql.failed', `Column "${field.name}" ${problem.text}.`, {
        hint: problem.hint,
      });
  }
  return null;
}

function problemOf(type: DataType): { text: string; hint: string } | null {
  if (type.typeId === Type.Dictionary)
    return { text: 'is an ENUM, which cannot leave the engine', hint: 'Cast it: column::VARCHAR.' };
  const children = 'children' in type ? (type.children as { name: string; type: DataType }[]) : [];
  if (type.typeId === Type.Struct && new Set(children.map((child) => child.name)).size < children.length)
    return {
      text: 'holds a row without field names',
      hint: "Name its fields: {'a': 1, 'b': 2}, or struct_pack(a := 1, b := 2).",
    };
  for (const child of children) {
    const problem = problemOf(child.type);
    if (problem !== null) return problem;
  }
  return null;
}
