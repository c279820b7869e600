import { Menu } from '@base-ui/react/menu';
import { MoreHorizontal, Play, Square } from 'lucide-react';
import { memo, useState } from 'react';
import type { CellBlock } from '../../engine/notebook/document';
import { runCommand } from '../commands/registry';
import { useCommand } from '../app/useCommand';
import { useAppStore } from '../store/context';
import type { CellState } from '../store/staleness';
import { CellStateLabel } from './CellStateLabel';
import { kindLabel } from './kinds';

const NAME = /^[a-z_][a-z0-9_]*$/;

function CellName({ block, readOnly }: { block: CellBlock; readOnly: boolean }) {
  const store = useAppStore();
  const [draft, setDraft] = useState<string | null>(null);
  if (draft === null)
    return (
      <button
        className="cell-name ellipsis"
        title={readOnly ? block.name : 'Rename'}
        disabled={readOnly}
        onClick={() => setDraft(block.name)}
      >
        {block.name === '' ? '(no name)' : block.name}
      </button>
    );
  const finish = (keep: boolean) => {
    setDraft(null);
    if (keep && draft !== block.name && NAME.test(draft)) store.getState().document.rename(block.id, draft);
  };
  return (
    <input
      className="cell-name"
      aria-label={`Name of cell ${block.name}`}
      aria-invalid={!NAME.test(draft)}
      title="a-z, 0-9 and _; not a digit first"
      autoFocus
      spellCheck={false}
      value={draft}
      size={Math.max(draft.length, 8)}
      onChange={(event) => setDraft(event.target.value)}
      onBlur={() => finish(true)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') finish(true);
        if (event.key === 'Escape') finish(false);
        if (event.key === 'Enter' || event.key === 'Escape') event.stopPropagation();
      }}
    />
  );
}

const MENU = [
  'cell.runWhole',
  '',
  'cell.copy',
  'cell.cut',
  'cell.moveUp',
  'cell.moveDown',
  '',
  'cell.delete',
] as const;

function MenuCommand({ id, block }: { id: string; block: CellBlock }) {
  const store = useAppStore();
  const command = useCommand(id);
  const run = () => {
    store.getState().selection.select(block.id, { mode: 'command' });
    runCommand(id, store.getState());
  };
  return (
    <Menu.Item className="menu-item" onClick={run}>
      {command.title}
      {command.keys !== null && <span className="kbd">{command.keys}</span>}
    </Menu.Item>
  );
}

interface Props {
  block: CellBlock;
  state: CellState;
  readOnly: boolean;
  /** What the cell is about, after its kind: `train against serving_log`. */
  subtitle?: string;
}

function CellHeaderView({ block, state, readOnly, subtitle }: Props) {
  const store = useAppStore();
  const run = useCommand('cell.run');
  const busy = state.kind === 'running' || state.kind === 'queued';
  return (
    <div className="cell-head">
      <CellName block={block} readOnly={readOnly} />
      <span className="ellipsis">
        {kindLabel(block.kind)}
        {subtitle === undefined ? '' : `: ${subtitle}`}
      </span>
      <span className="grow" />
      <CellStateLabel name={block.name} state={state} />
      {block.known && (
        <button
          className="button"
          data-testid={`cell-${block.name}-${busy ? 'cancel' : 'run'}`}
          title={busy ? 'Cancel' : `Run ${run.keys === null ? '' : `(${run.keys})`}`}
          onClick={() => {
            if (busy) store.getState().runs.cancel(block.name);
            else void store.getState().runs.run(block.name);
          }}
        >
          {busy ? <Square size={11} /> : <Play size={12} />}
          {busy ? 'Cancel' : 'Run'}
        </button>
      )}
      <Menu.Root>
        <Menu.Trigger className="button quiet icon" aria-label={`More for ${block.name}`}>
          <MoreHorizontal size={15} />
        </Menu.Trigger>
        <Menu.Portal>
          <Menu.Positioner className="menu-positioner" align="end" sideOffset={4}>
            <Menu.Popup className="menu">
              {MENU.map((id, index) =>
                id === '' ? (
                  <div key={index} className="menu-line" />
                ) : (
                  <MenuCommand key={id} id={id} block={block} />
                ),
              )}
            </Menu.Popup>
          </Menu.Positioner>
        </Menu.Portal>
      </Menu.Root>
    </div>
  );
}

/** Of the block it shows name and kind only: typing does not draw it anew. */
export const CellHeader = memo(
  CellHeaderView,
  (before, after) =>
    before.state === after.state &&
    before.readOnly === after.readOnly &&
    before.subtitle === after.subtitle &&
    before.block.id === after.block.id &&
    before.block.name === after.block.name &&
    before.block.kind === after.block.kind &&
    before.block.known === after.block.known,
);
