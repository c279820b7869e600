import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import packageJson from '../../../../package.json' with { type: 'json' };
import { CannotMeasure, type Figure } from '../figure';
import { against, type Measurement } from '../measure';

interface AppFigure {
  figure: string;
  /** Milliseconds, like the limit. */
  value: number;
  goal: number | null;
}

/** What people feel in the window: measured by `npm run bench:app` in the real app. */
export const app: Figure = {
  name: 'app',
  async measure() {
    if (!('bench:app' in packageJson.scripts)) throw new CannotMeasure('there is no script bench:app yet');
    const plain = ['npm', 'run', '--silent', 'bench:app'];
    const onDisplay =
      process.platform !== 'linux' || process.env['DISPLAY']
        ? plain
        : ['xvfb-run', '-a', '-s', '-screen 0 1920x1200x24', ...plain];
    const [program = '', ...words] = onDisplay;
    const { stdout } = await promisify(execFile)(program, words, { maxBuffer: 2 ** 24 }).catch(
      (thrown: Error) => {
        throw new CannotMeasure(`bench:app failed: ${thrown.message.split('\n').slice(-3).join(' ')}`);
      },
    );
    const { figures } = JSON.parse(stdout.slice(stdout.indexOf('{'))) as { figures: AppFigure[] };
    return figures.map(measurement);
  },
};

function measurement({ figure, value, goal }: AppFigure): Measurement {
  const contest = { figure: 'app', what: figure, size: '-' };
  if (goal !== null) return against(contest, 'ms', [value], goal, `limit ${goal} ms`);
  return { ...against(contest, 'ms', [value], 1, '-'), goal: null };
}
