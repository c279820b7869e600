import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PlumblineError } from '../errors';
import {
  acknowledgedRows,
  decodeJournal,
  encodeJournal,
  JournalWriter,
  readJournal,
  type Journal,
} from './journal';
import { memoryRecords } from './memory-records';
import type { RecordFiles } from './record-files';

const counts = { skipped_older: 1, skipped_equal: 2, equal_differs: 0, null_overwrites: 3, bytes: 4 };
const journals = fc.record({
  head: fc.record({
    run: fc.string(),
    startedAt: fc.string(),
    digest: fc.string(),
    rows: fc.nat(),
    counts: fc.constant(counts),
  }),
  outcomes: fc.array(fc.uint8Array({ min: 0, max: 4, maxLength: 20 }), { maxLength: 6 }),
  acknowledged: fc
    .uniqueArray(fc.tuple(fc.nat(), fc.stringMatching(/^[wseoc]{1,9}$/)), {
      selector: ([batch]) => batch,
      maxLength: 6,
    })
    .map((entries) => new Map(entries)),
});

describe('a journal', () => {
  it('reads back as it was written', () => {
    fc.assert(
      fc.property(journals, (journal) => void expect(decodeJournal(encodeJournal(journal))).toEqual(journal)),
      { seed: 3 },
    );
  });

  it('cut anywhere gives its first acknowledgements, or nothing', () => {
    fc.assert(
      fc.property(journals, fc.nat(), (journal, where) => {
        const bytes = encodeJournal(journal);
        const head = encodeJournal({ ...journal, acknowledged: new Map() });
        const length = where % (bytes.length + 1);
        const found = decodeJournal(bytes.subarray(0, length));
        if (length < head.length) return void expect(found).toBeNull();
        const kept = [...(found?.acknowledged ?? [])];
        expect(kept).toEqual([...journal.acknowledged].slice(0, kept.length));
        const whole = encodeJournal({ ...journal, acknowledged: new Map(kept) });
        expect(whole.length).toBeLessThanOrEqual(length);
        const next = [...journal.acknowledged].slice(0, kept.length + 1);
        if (next.length > kept.length)
          expect(encodeJournal({ ...journal, acknowledged: new Map(next) }).length).toBeGreaterThan(length);
      }),
      { seed: 4, numRuns: 300 },
    );
  });

  it('with a byte turned over loses that part, and never gains one', () => {
    fc.assert(
      fc.property(journals, fc.nat(), fc.integer({ min: 1, max: 255 }), (journal, where, change) => {
        const bytes = encodeJournal(journal);
        bytes[where % bytes.length]! ^= change;
        const found = decodeJournal(bytes);
        if (found === null) return;
        expect(found.head).toEqual(journal.head);
        for (const [batch, answers] of found.acknowledged)
          expect(journal.acknowledged.get(batch)).toBe(answers);
      }),
      { seed: 5, numRuns: 300 },
    );
  });

  const empty = (): Journal => ({
    head: { run: 'r', startedAt: 's', digest: 'd', rows: 5, counts },
    outcomes: [Uint8Array.of(0)],
    acknowledged: new Map(),
  });

  it('notes acknowledgements in their order, several in one go', async () => {
    const records = memoryRecords();
    const writer = await JournalWriter.open(records, 'j', empty());
    for (let batch = 0; batch < 100; batch++) writer.acknowledge(batch, 'ws');
    await writer.settle();
    await writer.close();
    const journal = await readJournal(records, 'j');
    expect([...(journal?.acknowledged.keys() ?? [])]).toEqual(Array.from({ length: 100 }, (_, i) => i));
    expect(acknowledgedRows(journal!)).toBe(200);
  });

  it('tells at the next acknowledgement, and when it settles, that the disk is full', async () => {
    const full: RecordFiles = {
      ...memoryRecords(),
      append: () =>
        Promise.resolve({
          append: () => Promise.reject(new PlumblineError('file.no_space', 'full')),
          close: () => Promise.resolve(),
        }),
    };
    const writer = await JournalWriter.open(full, 'j', empty());
    writer.acknowledge(0, 'w');
    await expect(writer.settle()).rejects.toMatchObject({ code: 'file.no_space' });
    expect(() => writer.acknowledge(1, 'w')).toThrow('full');
  });

  it('that is damaged is refused with a way out', async () => {
    const records = memoryRecords();
    await records.write('j', Uint8Array.of(1, 2, 3));
    await expect(readJournal(records, 'j')).rejects.toMatchObject({
      code: 'online.write_interrupted',
      hint: expect.stringContaining('--drop-journal'),
    });
    expect(await readJournal(records, 'none')).toBeNull();
  });
});
