import { VIEWS, views } from '../data';
import { pointInTime } from '../engine-side';
import { withSession, type Figure } from '../figure';
import { compare } from '../measure';
import { pythonSide } from '../python-side';
import { asOfSize } from './as-of';

const TOOLS = [
  { tool: 'pandas', name: 'pandas.merge_asof', threads: 1, goal: 0.5 },
  { tool: 'polars', name: 'polars join_asof, one thread', threads: 1, goal: 1 },
  { tool: 'polars', name: 'polars join_asof, every core', threads: null, goal: null },
];

/** The same as-of join by data frames that are in memory already; their sort by time belongs to the work. */
export const frames: Figure = {
  name: 'frames',
  async measure(bench) {
    const { data, runs } = bench;
    await data.need('spine', ...views());
    const size = await asOfSize(bench);
    return withSession(bench, ['spine', ...views()], async (session) => {
      const ours = pointInTime(session, 'as_of', data.sizes.spine);
      const found = [];
      for (const { tool, name, threads, goal } of TOOLS) {
        const theirs = await pythonSide(name, [tool, data.folder, String(VIEWS)], threads);
        try {
          const what = `as-of join, ${VIEWS} views with a ttl`;
          found.push(await compare({ figure: 'frames', what, goal, size }, ours, theirs, runs));
        } finally {
          theirs.stop();
        }
      }
      return found;
    });
  },
};
