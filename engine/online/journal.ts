import { z } from 'zod';
import { PlumblineError } from '../errors';
import { ByteReader } from './byte-reader';
import { ByteWriter, fromUtf8, utf8 } from './byte-writer';
import { murmur3 } from './murmur3';
import type { RecordAppender, RecordFiles } from './record-files';

/** First bytes of a journal: its name and the version of its form. */
const MAGIC = utf8('plumbjrnl1');

const headSchema = z.object({
  run: z.string(),
  /** ISO 8601 UTC. */
  startedAt: z.string(),
  /** Digest of the plan and its target; what goes on must have the same. */
  digest: z.string(),
  /** Rows that the write promises to put. */
  rows: z.number(),
  /** What the dry run counted, of which the writing itself learns nothing. */
  counts: z.object({
    skipped_older: z.number(),
    skipped_equal: z.number(),
    equal_differs: z.number(),
    null_overwrites: z.number(),
    bytes: z.number(),
  }),
});
export type JournalHead = z.infer<typeof headSchema>;

/** A write that began: what it promised, and which batches are acknowledged. */
export interface Journal {
  head: JournalHead;
  /** Per batch and row the outcome that the dry run promised, as an index into OUTCOMES. */
  outcomes: Uint8Array[];
  /** Batch -> the answer to each row that was sent, one letter each. */
  acknowledged: Map<number, string>;
}

/** Rows that are acknowledged. */
export const acknowledgedRows = (journal: Journal): number =>
  [...journal.acknowledged.values()].reduce((sum, answers) => sum + answers.length, 0);

function checked(out: ByteWriter, from = 0): Uint8Array {
  out.uint32(murmur3(out.take().subarray(from)));
  return out.take();
}

/**
 * Form, integers little-endian: MAGIC, length and JSON of the head, number of batches, per batch its length and
 * outcomes, murmur3 of all of it; then per acknowledged batch its number, the number of answers, the answers, and
 * murmur3 of these. The tail may be torn: an acknowledgement that is not whole is none, and its batch is sent again.
 */
export function encodeJournal({ head, outcomes, acknowledged }: Journal): Uint8Array {
  const out = new ByteWriter(1024);
  out.raw(MAGIC);
  const text = utf8(JSON.stringify(head));
  out.uint32(text.length);
  out.raw(text);
  out.uint32(outcomes.length);
  for (const batch of outcomes) {
    out.uint32(batch.length);
    out.raw(batch);
  }
  const whole = new ByteWriter();
  whole.raw(checked(out));
  for (const [batch, answers] of acknowledged) whole.raw(encodeAcknowledgement(batch, answers));
  return whole.take();
}

export function encodeAcknowledgement(batch: number, answers: string): Uint8Array {
  const out = new ByteWriter(answers.length + 12);
  out.uint32(batch);
  out.uint32(answers.length);
  out.raw(utf8(answers));
  return checked(out);
}

/** A journal from its bytes; null when it is none, or its first part is not whole. */
export function decodeJournal(bytes: Uint8Array): Journal | null {
  try {
    const reader = new ByteReader(bytes);
    if (fromUtf8(reader.raw(MAGIC.length)) !== fromUtf8(MAGIC)) return null;
    const head = headSchema.parse(JSON.parse(fromUtf8(reader.raw(reader.uint32()))));
    const outcomes: Uint8Array[] = [];
    for (let left = reader.uint32(); left > 0; left--) outcomes.push(reader.raw(reader.uint32()));
    if (murmur3(bytes.subarray(0, reader.at)) !== reader.uint32()) return null;
    return { head, outcomes, acknowledged: decodeAcknowledgements(bytes, reader) };
  } catch {
    return null;
  }
}

function decodeAcknowledgements(bytes: Uint8Array, reader: ByteReader): Map<number, string> {
  const found = new Map<number, string>();
  try {
    while (!reader.done) {
      const from = reader.at;
      const batch = reader.uint32();
      const answers = fromUtf8(reader.raw(reader.uint32()));
      if (murmur3(bytes.subarray(from, reader.at)) !== reader.uint32()) break;
      found.set(batch, answers);
    }
  } catch {
    // torn: what follows the last whole one was never acknowledged
  }
  return found;
}

/** The journal at `path`; null when there is none. A damaged one is refused with `online.write_interrupted`. */
export async function readJournal(records: RecordFiles, path: string): Promise<Journal | null> {
  const bytes = await records.read(path);
  if (bytes === null) return null;
  const journal = decodeJournal(bytes);
  if (journal !== null) return journal;
  throw new PlumblineError('online.write_interrupted', `The journal ${path} cannot be read.`, {
    hint: 'Write with the journal dropped (--drop-journal): what is stored already is compared anew.',
  });
}

/** Acknowledgements that go to the disk together: one by one they take time from the writing. */
const TOGETHER = 16;

/**
 * A journal being written. Acknowledgements go to the disk behind the writing, those of several batches
 * together: one that a crash takes away costs a batch that is sent again, which the write script makes safe.
 */
export class JournalWriter {
  private waiting: Uint8Array[] = [];
  private flushing: Promise<void> | null = null;
  private failure: unknown = null;

  private constructor(private readonly appender: RecordAppender) {}

  /** Puts the journal in its place, whole and durable, before the first byte goes to the store. */
  static async open(records: RecordFiles, path: string, journal: Journal): Promise<JournalWriter> {
    await records.write(path, encodeJournal(journal));
    return new JournalWriter(await records.append(path));
  }

  /** Notes a batch. Throws what an earlier note met on the disk. */
  acknowledge(batch: number, answers: string): void {
    if (this.failure !== null) throw this.failure;
    this.waiting.push(encodeAcknowledgement(batch, answers));
    if (this.waiting.length >= TOGETHER) void this.flushed();
  }

  /** When what is noted now has gone to the disk, or has met a failure. */
  private flushed(): Promise<void> {
    if (this.waiting.length > 0) this.flushing ??= this.flush();
    return this.flushing ?? Promise.resolve();
  }

  private async flush(): Promise<void> {
    try {
      while (this.waiting.length > 0) {
        const out = new ByteWriter(1024);
        for (const bytes of this.waiting.splice(0)) out.raw(bytes);
        await this.appender.append(out.take());
      }
    } catch (thrown) {
      this.failure = thrown;
    } finally {
      this.flushing = null;
    }
  }

  /** Waits until everything noted is durable. Errors: file.*. */
  async settle(): Promise<void> {
    await this.flushed();
    if (this.failure !== null) throw this.failure;
  }

  async close(): Promise<void> {
    await this.flushed();
    await this.appender.close();
  }
}
