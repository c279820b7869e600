import type { Figure } from '../figure';
import { against } from '../measure';
import { runCommand } from '../command-line';

const LIMIT = 3000;

/** From nothing to the sample's training set on the command line. The window's own start is in the app's figures. */
export const coldStart: Figure = {
  name: 'cold-start',
  async measure({ runs }) {
    const words = ['sample-data/streamrec.plumb.md', '--cell', 'train'];
    await runCommand(words);
    const times: number[] = [];
    for (let run = 0; run < runs; run++) times.push((await runCommand(words)).ms);
    const what = 'command line: process start to the end of the sample’s training set';
    const size = '12,293 spine rows';
    return [against({ figure: 'cold-start', what, size }, 'ms', times, LIMIT, 'limit 3 s')];
  },
};
