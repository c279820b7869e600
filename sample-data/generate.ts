/**
 * Writes the sample data again, byte for byte, and prepares the flights: `npm run sample-data`. With a folder as
 * argument, there and without the flights.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { prepareFlights } from './flights';
import { makeSample, sampleFiles } from './sample';

const folder = process.argv[2] ?? fileURLToPath(new URL('data', import.meta.url));
for (const [path, bytes] of sampleFiles(makeSample())) {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, bytes);
  console.log(`${path}: ${bytes.length.toLocaleString('en')} bytes`);
}
if (process.argv[2] === undefined) console.log(`flights/flights.parquet: ${await prepareFlights()}`);
