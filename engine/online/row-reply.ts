import { ByteWriter } from './byte-writer';
import { sliceStart, type PlanBatch } from './plan';
import { head, LINE_END, writeText } from './resp-encoding';

/** How a row is asked for: all of its hash, all of its values in their order, or the view's fields by name. */
export type RowQuery = 'HGETALL' | 'HVALS' | 'HMGET';

/** Tells whether a reply, as the bytes that came, is a planned row: a text has one form in the protocol, so nothing is taken apart. */
export class RowReply {
  private readonly fieldTexts: Uint8Array[];

  /** `fields`: that of the event time first. */
  constructor(fields: readonly Uint8Array[]) {
    this.fieldTexts = fields.map((field) => {
      const out = new ByteWriter();
      writeText(out, field);
      return out.take();
    });
  }

  /** Of all but HMGET: whether the hash has so many fields in the order in which the view's were set, and no other. */
  is(reply: Uint8Array, query: RowQuery, batch: PlanBatch, row: number): boolean {
    const { fieldTexts } = this;
    const { bytes, ends, width } = batch;
    const named = query === 'HGETALL';
    const list = head('list', named ? 2 * fieldTexts.length : fieldTexts.length);
    if (!matches(reply, 0, list, 0, list.length)) return false;
    let at = list.length;
    let start = sliceStart(batch, row, 1);
    for (let field = 0; field < fieldTexts.length; field++) {
      const end = ends[row * width + field + 1]!;
      if (named) {
        const name = fieldTexts[field]!;
        if (!matches(reply, at, name, 0, name.length)) return false;
        at += name.length;
      }
      const length = head('text', end - start);
      if (!matches(reply, at, length, 0, length.length)) return false;
      at += length.length;
      if (!matches(reply, at, bytes, start, end)) return false;
      at += end - start;
      if (!matches(reply, at, LINE_END, 0, LINE_END.length)) return false;
      at += LINE_END.length;
      start = end;
    }
    return at === reply.length;
  }
}

/** Whether the bytes of `wanted` from `start` up to `end` are those of `found` from `at` on. */
function matches(found: Uint8Array, at: number, wanted: Uint8Array, start: number, end: number): boolean {
  // past the end there is no byte, which equals none
  for (let i = start; i < end; i++) if (found[at + i - start] !== wanted[i]) return false;
  return true;
}
