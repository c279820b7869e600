import fc from 'fast-check';
import { DAY, HOUR, MINUTE } from '../cases/instants';
import { oracleCase, type OracleCase } from '../cases/oracle-case';
import { aggregateView } from '../cases/views';

/** A random log, a view of windows over it, and how it is consumed. */
export interface StreamCase {
  one: OracleCase;
  /** Microseconds; `enough`: so that no row is late. */
  delay: bigint | 'enough';
  /** `max`: the last arrival. */
  end: bigint | 'max';
  batchRows: number;
  /** Whether the batch source says when its rows could be known. */
  batchKnows: boolean;
}

export const streamCase: fc.Arbitrary<StreamCase> = fc
  .record({
    one: oracleCase(
      1,
      aggregateView.map((view) => [{ ...view, name: 'v0', late: true }]),
    ),
    delay: fc.constantFrom<bigint | 'enough'>('enough', 'enough', 0n, 1n, MINUTE, HOUR, DAY),
    atEnd: fc.boolean(),
    batchRows: fc.constantFrom(1, 3, 7, 7, 50, 50),
    batchKnows: fc.boolean(),
  })
  .map(({ one, atEnd, batchKnows, ...more }) => ({
    one,
    ...more,
    end: atEnd ? ('max' as const) : one.end,
    // At a time before the last arrival, a source that says nothing would know rows that have not arrived.
    batchKnows: batchKnows || !atEnd,
  }));
