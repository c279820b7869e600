/**
 * Prepares the flights notebook: `npm run sample-data`, or `npx tsx sample-data/flights.ts` alone. Reads the 3,000,000
 * flights of the development dependency vega-datasets (the United States, January to June 2001) and writes
 * data/flights/flights.parquet, which is too large to commit. Does nothing when the file is there and up to date.
 */
import { existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';

const SOURCE = fileURLToPath(
  new URL('../node_modules/vega-datasets/data/flights-3m.parquet', import.meta.url),
);
const TARGET = fileURLToPath(new URL('data/flights/flights.parquet', import.meta.url));

/**
 * The flights in the order of the source; `flight_id` counts its rows from 0. The source writes the departure
 * as MMDDHHMM, local time of the airport, here taken as UTC. `known_at` is when the delay is known: after the
 * landing. The source has no time of arrival, so we allow 45 minutes on the ground and 9 seconds a mile, which is
 * slower than nearly every flight.
 */
export function flightsSelect(source: string): string {
  return `
    SELECT
      CAST(file_row_number AS INTEGER) AS flight_id,
      origin,
      destination,
      strptime('2001' || date, '%Y%m%d%H%M') AS departed_at,
      departed_at + to_minutes(45) + to_seconds(9 * distance) AS known_at,
      CAST(distance AS INTEGER) AS distance,
      CAST(delay AS INTEGER) AS delay
    FROM read_parquet('${source.replaceAll("'", "''")}', file_row_number = true)`;
}

/** Writes the file unless it is newer than its source and this script; says which. */
export async function prepareFlights(): Promise<'written' | 'kept'> {
  const made = existsSync(TARGET) ? statSync(TARGET).mtimeMs : 0;
  const inputs = [SOURCE, fileURLToPath(import.meta.url)];
  if (inputs.every((input) => statSync(input).mtimeMs < made)) return 'kept';
  mkdirSync(dirname(TARGET), { recursive: true });
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  const part = `${TARGET}.part`;
  await connection.run(
    `COPY (${flightsSelect(SOURCE)}) TO '${part.replaceAll("'", "''")}' (FORMAT parquet, COMPRESSION zstd)`,
  );
  connection.closeSync();
  instance.closeSync();
  renameSync(part, TARGET);
  return 'written';
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  console.log(`data/flights/flights.parquet: ${await prepareFlights()}`);
