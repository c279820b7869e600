import { hex, utf8 } from './byte-writer';
import { murmur3 } from './murmur3';

/** The folder of a workspace that holds what it knows of its writes to online stores. */
export const RECORDS_FOLDER = '.plumbline/online';

function shortHash(text: string): string {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, murmur3(utf8(text)));
  return hex(bytes);
}

/** A file name that anyone can read and every file system takes; the hash tells apart what the letters do not. */
function fileName(text: string): string {
  return `${text.replace(/[^a-z0-9.-]+/gi, '_').slice(0, 60)}-${shortHash(text)}`;
}

/** Where the records of one project in one store are. */
export interface RecordPlace {
  state: string;
  /** Of a cell. */
  journal(cell: string): string;
  lock(cell: string): string;
  receipts(cell: string): string;
}

/** `target`: which store, as `describeTarget` names it; never with a password. */
export function recordPlace(project: string, target: string): RecordPlace {
  const folder = `${RECORDS_FOLDER}/${fileName(project)}@${fileName(target)}`;
  return {
    state: `${folder}/state.json`,
    journal: (cell) => `${folder}/${fileName(cell)}.journal`,
    lock: (cell) => `${folder}/${fileName(cell)}.lock`,
    receipts: (cell) => `${folder}/${fileName(cell)}.receipts.json`,
  };
}
