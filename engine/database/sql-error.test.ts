import { expect, it } from 'vitest';
import { sqlError } from './sql-error';

it.each([
  'Out of Memory Error: could not allocate block of size 256.0 KiB (3.0 GiB/3.1 GiB used)',
  // What DuckDB-WASM says when the changes of a statement do not fit: not an error of memory by its own type.
  JSON.stringify({
    exception_type: 'Invalid Input',
    exception_message:
      'Attempting to fetch from an unsuccessful query result\nError: TransactionContext Error: Failed to commit: could not allocate block of size 256.0 KiB (219.8 MiB/220.0 MiB used)',
  }),
])('%s is engine.out_of_memory', (message) => {
  expect(sqlError(new Error(message))).toMatchObject({ code: 'engine.out_of_memory' });
});
