import { parseArgs } from 'node:util';
import { checkCases } from '../cases/check-cases';
import { newTally, valueCheck, type Tally } from '../cases/check-values';
import { oracleCase } from '../cases/oracle-case';
import { openTestDatabase } from '../test-database';
import { comparePairs, newPairTally, pairTallyText } from '../skew-pairs';
import { causesReport, meetsRates, soakCauses } from './causes';
import { soakOnline } from './online-faults';
import { soakStreams } from './streams';

/**
 * The property tests at length: `npm run test:deep [-- --sets 20000 --streams 5000 --pairs 2000 --causes 100 --faults 2000
 * --kills 200 --seed 1 --path ...]`. `sets` = data sets; `streams` = replays of random logs; `pairs` = mutated pairs of data
 * sets to compare, and as many clean ones; `causes` = services whose mistakes are to be named, some 70 mistakes each;
 * `faults` and `kills` are those of writes to a Redis; 0 leaves a part out. `seed` and `path` of a failure run its shrunk
 * case again.
 */
const { values } = parseArgs({
  options: {
    sets: { type: 'string', default: '20000' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    path: { type: 'string' },
    streams: { type: 'string', default: '5000' },
    faults: { type: 'string', default: '2000' },
    kills: { type: 'string', default: '200' },
    pairs: { type: 'string', default: '2000' },
    causes: { type: 'string', default: '100' },
  },
});

const TOGETHER = 16;
/** Cases between two lines of progress; each stretch has an engine of its own. */
const STRETCH = 50;
/** What is asked of each service; single causes weigh most, since 99 of 100 are promised. */
const CAUSE_CASES = {
  single: 20,
  'single, 1 % noise': 20,
  pair: 8,
  'pair, 1 % noise': 8,
  'either of two': 4,
  outside: 10,
  'near the list': 4,
};

/** Pairs in one comparison of data sets; every third comparison is of clean ones alone. */
const COMPARED = 100;

const seed = Number(values.seed);
const runs = Math.ceil(Number(values.sets) / TOGETHER);
const started = Date.now();
const tally = newTally();
process.exitCode = (await run()) ? 0 : 1;
if (process.exitCode === 0)
  process.exitCode = (await soakStreams(Number(values.streams), seed, print)) ? 0 : 1;
if (process.exitCode === 0 && !(await runPairs())) process.exitCode = 1;
if (process.exitCode === 0 && !(await runCauses())) process.exitCode = 1;
if (process.exitCode === 0) await runOnline();

async function run(): Promise<boolean> {
  print(`seed ${seed}: ${runs * TOGETHER} data sets in ${runs} cases`);
  for (let done = 0; done < runs; done += STRETCH) {
    const length = Math.min(STRETCH, runs - done);
    const failure = await stretch(seed + done, length, tally);
    if (failure !== null) {
      print(
        `\n${failure}\n\nRun it again: npm run test:deep -- --seed ${seed + done} --sets ${TOGETHER * STRETCH}`,
      );
      return false;
    }
    print(
      `${(done + length) * TOGETHER} data sets, ${tally.cells} values, ${tally.snapshots} snapshots, 0 mismatches, ${seconds()} s`,
    );
  }
  print(`seed ${seed}: ${runs * TOGETHER} data sets, ${tally.cells} values, 0 mismatches, ${seconds()} s`);
  print(`plans: ${[...tally.plans].map(([plan, builds]) => `${plan} ${builds}`).join(', ')}`);
  return true;
}

async function runPairs(): Promise<boolean> {
  const wanted = Number(values.pairs);
  if (wanted === 0) return true;
  const told = newPairTally();
  const db = await openTestDatabase();
  try {
    for (let round = 0; told.mutated < wanted || told.clean < wanted; round++) {
      const mutated = round % 3 === 2 ? 0 : Math.min(COMPARED, wanted - told.mutated);
      const clean = Math.min(COMPARED, wanted - told.clean, round % 3 === 2 ? COMPARED : COMPARED / 2);
      if (mutated + clean > 0) await comparePairs(db, seed + round, { clean, mutated }, told);
    }
  } finally {
    await db.close();
  }
  print(`seed ${seed}: ${pairTallyText(told)}, ${seconds()} s`);
  for (const problem of told.problems) print(problem);
  return told.problems.length === 0;
}

async function runCauses(): Promise<boolean> {
  const worlds = Number(values.causes);
  if (worlds === 0) return true;
  const tally = await soakCauses({ seed, worlds, cases: CAUSE_CASES, print });
  print(`causes of skew: ${causesReport(tally)}, ${seconds()} s`);
  return meetsRates(tally);
}

async function runOnline(): Promise<void> {
  const [faults, kills] = [Number(values.faults), Number(values.kills)];
  if (faults === 0 && kills === 0) return;
  print(`seed ${seed}: ${faults} faults of connections to a Redis, ${kills} kills of its writer`);
  await soakOnline({ faults, kills, seed, print });
  print(`done, ${seconds()} s`);
}

async function stretch(from: number, length: number, into: Tally): Promise<string | null> {
  const db = await openTestDatabase();
  try {
    const options = { seed: from, runs: length, ...(values.path === undefined ? {} : { path: values.path }) };
    return (await checkCases(oracleCase(TOGETHER), valueCheck(db, into), options)).failure;
  } finally {
    await db.close();
  }
}

function seconds(): number {
  return Math.round((Date.now() - started) / 1000);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
