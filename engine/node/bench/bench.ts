import { cpus, totalmem } from 'node:os';
import { readArguments, readMemoryArguments } from './arguments';
import { BenchData, FULL, SMALL } from './data';
import { CannotMeasure, type Figure } from './figure';
import { app } from './figures/app';
import { asOf } from './figures/as-of';
import { builders } from './figures/builders';
import { coldStart } from './figures/cold-start';
import { frames } from './figures/frames';
import { load } from './figures/load';
import { memory } from './figures/memory';
import { onlineLookup, onlineWrite } from './figures/online-write';
import { pool } from './figures/pool';
import { skewRepaint } from './figures/skew-repaint';
import { skewCauses } from './figures/skew-causes';
import { windows } from './figures/windows';
import { proveMemory } from './memory';
import type { Measurement } from './measure';
import { table, type Missing } from './report';

const FIGURES: Figure[] = [
  asOf,
  windows,
  skewCauses,
  load,
  frames,
  builders,
  pool,
  coldStart,
  memory,
  skewRepaint,
  app,
  onlineWrite,
  onlineLookup,
];

const proof = readMemoryArguments(process.argv.slice(2));
if (proof !== null) {
  await proveMemory(proof);
  process.exit();
}

const args = readArguments(
  process.argv.slice(2),
  FIGURES.map(({ name }) => name),
);
const sizes = args.full ? FULL : SMALL;
const say = (line: string): void => void process.stderr.write(`${line}\n`);
const data = await BenchData.open(sizes);
const measurements: Measurement[] = [];
const missing: Missing[] = [];
try {
  for (const figure of FIGURES.filter(({ name }) => args.only?.includes(name) ?? true)) {
    say(`measuring ${figure.name}...`);
    try {
      const found = await figure.measure({ data, runs: args.runs, say });
      say(table(found, []));
      measurements.push(...found);
    } catch (thrown) {
      // One figure that cannot be had does not take the others away; a wrong result does fail the command.
      if (!(thrown instanceof CannotMeasure)) process.exitCode = 1;
      missing.push({
        figure: figure.name,
        reason: thrown instanceof Error ? thrown.message : String(thrown),
      });
    }
  }
} finally {
  await data.close();
}
const machine = {
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  node: process.version,
};
console.log(JSON.stringify({ machine, sizes, runs: args.runs, measurements, missing }, null, 2));
console.log(`\n${table(measurements, missing)}`);
