import type { LookupResult } from '../../engine/results';
import { useApp } from '../store/context';
import type { OutputProps } from './CellOutput';
import { LookupView } from './LookupView';

/** What a lookup cell found. */
export function LookupOutput({ block, run }: OutputProps) {
  const catalog = useApp((state) => state.analysis.current?.catalog);
  return (
    <div data-testid={`cell-${block.name}-result`}>
      <LookupView
        result={run.result as LookupResult}
        catalog={catalog}
        request={catalog?.lookups.get(block.name) ?? null}
      />
    </div>
  );
}
