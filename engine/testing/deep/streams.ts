import fc from 'fast-check';
import { newStreamTally, streamFindings } from '../stream/check-streams';
import { streamCase } from '../stream/stream-case';
import { openTestDatabase } from '../test-database';

/** Replays between two lines of progress; each stretch has an engine of its own. */
const STRETCH = 250;

/**
 * Replays of random logs against plain loops, until so many had no late row and were held against the batch source.
 * False: one of them differed, which was printed.
 */
export async function soakStreams(
  replays: number,
  seed: number,
  print: (line: string) => void,
): Promise<boolean> {
  const tally = newStreamTally();
  const started = Date.now();
  for (let stretch = 0; tally.equal < replays; stretch++) {
    const db = await openTestDatabase();
    try {
      const property = fc.asyncProperty(streamCase, async (one) => {
        const found = await streamFindings(db, one, tally);
        if (found.length > 0) throw new Error(found.slice(0, 20).join('\n'));
      });
      const details = await fc.check(property, {
        seed: seed + stretch,
        numRuns: STRETCH,
        endOnFailure: true,
      });
      if (details.failed) {
        print(fc.defaultReportMessage(details) ?? 'A replay differed.');
        return false;
      }
    } finally {
      await db.close();
    }
    const { online, values, late, evicted, equal } = tally;
    print(
      `${tally.replays} replays, ${online} online and ${values} final values, 0 differences; ${late} late rows, ` +
        `${evicted} evicted, ${equal} replays without a late row equal the batch source; ${Math.round((Date.now() - started) / 1000)} s`,
    );
  }
  return true;
}
