import { PanelLeft, PanelRight, Play, RefreshCw } from 'lucide-react';
import { useMemo } from 'react';
import { useApp } from '../store/context';
import { cellState } from '../store/staleness';
import type { SaveState } from '../store/state';
import { useCommand } from './useCommand';

const SAVE_WORDS: Record<SaveState, { mark: string; text: string }> = {
  saved: { mark: 'ok', text: 'saved' },
  edited: { mark: 'edited', text: 'edited' },
  saving: { mark: 'running', text: 'saving' },
  failed: { mark: 'failed', text: 'not saved' },
  conflict: { mark: 'failed', text: 'changed on disk' },
  'read-only': { mark: 'idle', text: 'read-only' },
};

function useStaleCount(): number {
  const byCell = useApp((state) => state.runs.byCell);
  const graph = useApp((state) => state.analysis.graph);
  return useMemo(
    () =>
      Object.entries(byCell).filter(([name, entry]) => {
        const { kind } = cellState(name, entry, graph);
        return kind === 'edited' || kind === 'upstream' || kind === 'lost';
      }).length,
    [byCell, graph],
  );
}

function IconCommand({ id, children }: { id: string; children: React.ReactNode }) {
  const command = useCommand(id);
  return (
    <button
      className="button quiet icon"
      title={command.tip}
      aria-label={command.title}
      onClick={command.run}
    >
      {children}
    </button>
  );
}

export function TitleBar() {
  const info = useApp((state) => state.workspace.info);
  const document = useApp((state) => state.document.current);
  const saveState = useApp((state) => state.document.saveState);
  const stale = useStaleCount();
  const runStale = useCommand('run.stale');
  const runAll = useCommand('run.all');
  const palette = useCommand('palette.open');
  const words = SAVE_WORDS[saveState];
  return (
    <header className="title-bar" data-testid="title-bar">
      <IconCommand id="view.toggleCatalog">
        <PanelLeft size={15} />
      </IconCommand>
      <span className="title ellipsis">{document?.frontMatter.title ?? info?.folderName ?? 'Plumbline'}</span>
      <span className="path ellipsis" title={info?.display}>
        {document?.file}
      </span>
      <span className="cell-state" data-testid="save-state" role="status">
        <i className={`mark ${words.mark}`} />
        {words.text}
      </span>
      <span className="grow" />
      {palette.keys !== null && (
        <button
          className="kbd button quiet"
          title={palette.tip}
          onClick={palette.run}
          data-testid="open-palette"
        >
          {palette.keys}
        </button>
      )}
      <button className="button" title={runStale.tip} onClick={runStale.run} data-testid="run-stale">
        <RefreshCw size={13} />
        Run stale{stale > 0 ? ` (${stale})` : ''}
      </button>
      <button className="button" title={runAll.tip} onClick={runAll.run} data-testid="run-all">
        <Play size={13} />
        Run all
      </button>
      <IconCommand id="view.toggleInspector">
        <PanelRight size={15} />
      </IconCommand>
    </header>
  );
}
