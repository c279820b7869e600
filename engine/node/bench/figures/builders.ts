import { join } from 'node:path';
import { WHOLE_RUN } from '../../commands/session';
import { featureColumns, VIEWS, views } from '../data';
import { fileDigest } from '../engine-side';
import { allOk, count, withSession, type Bench, type Figure } from '../figure';
import { compare, type Measurement, type Side } from '../measure';
import { pythonSide } from '../python-side';

const BUILDERS = [
  { words: ['feast'], name: 'Feast 0.66.0, file store', goal: 0.02, once: true },
  { words: ['feast', 'duckdb'], name: 'Feast 0.66.0, DuckDB store', goal: null, once: false },
  { words: ['timefence'], name: 'Timefence 0.9.1', goal: null, once: false },
];

/** From Parquet files to a training set, with everything that a run does: loading, leaks and their worth, the export. */
export const builders: Figure = {
  name: 'builders',
  async measure(bench) {
    const { data, runs } = bench;
    await data.need('feast_spine', ...views());
    const [spine = 0, rows = 0] = await data.numbers(
      'SELECT (SELECT count(*) FROM feast_spine), (SELECT count(*) FROM daily0)',
    );
    const size = `${count(spine)} x ${VIEWS} x ${count(rows)}`;
    const found: Measurement[] = [];
    for (const { words, name, goal, once } of BUILDERS) {
      const [tool = '', ...more] = words;
      const theirs = await pythonSide(name, [tool, data.folder, String(VIEWS), ...more], null);
      try {
        const what = `files to training set, ${VIEWS} views`;
        found.push(
          await compare({ figure: 'builders', what, goal, size, once }, wholeRun(bench), theirs, runs),
        );
      } finally {
        theirs.stop();
      }
    }
    return found;
  },
};

/** A new engine each time, since the others read the files each time. */
function wholeRun(bench: Bench): Side {
  return {
    name: 'one engine, all of a run',
    run: () =>
      withSession(bench, [], async ({ runner }) =>
        allOk(await runner.runAll(['forever'], { ...WHOLE_RUN, exportFiles: true })),
      ),
    digest: () =>
      fileDigest(
        (sql) => bench.data.numbers(sql),
        join(bench.data.folder, 'forever.parquet'),
        featureColumns(),
      ),
  };
}
