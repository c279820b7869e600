import type { SkewSide, TrainingSet } from '../../catalog/model';
import { PlumblineError } from '../../errors';
import type { Side } from '../../skew/side';
import type { RunContext } from '../context';
import type { Requests } from './requests';

/** What a consumer of the log knew at each request: the rows that it had not dropped, as far as they had arrived. */
export async function streamSide(
  _context: RunContext,
  _side: Extract<SkewSide, { kind: 'stream' }>,
  _set: TrainingSet,
  _requests: Requests,
  _names: { name: string; shown: string; key: string; made: string[] },
): Promise<Side> {
  throw new PlumblineError('catalog.not_supported', 'stream');
}
