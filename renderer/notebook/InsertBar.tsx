import { Menu } from '@base-ui/react/menu';
import { Plus } from 'lucide-react';
import { memo } from 'react';
import { insertCell } from '../commands/run-commands';
import { useApp, useAppStore } from '../store/context';
import { KINDS } from './kinds';

/** Between two cells, shown on hover and on keyboard focus; after the last cell it is always there. */
export const InsertBar = memo(function InsertBar({ at, always = false }: { at: number; always?: boolean }) {
  const store = useAppStore();
  const readOnly = useApp((state) => state.document.current?.readOnly ?? true);
  if (readOnly) return <div className="insert-bar" />;
  const insert = (kind: string) => insertCell(store.getState(), kind, at);
  return (
    <div className={always ? 'insert-bar always' : 'insert-bar'}>
      <div className="buttons">
        <Menu.Root>
          <Menu.Trigger className="button" aria-label="Insert a cell here" data-testid={`insert-${at}`}>
            <Plus size={13} /> Cell
          </Menu.Trigger>
          <Menu.Portal>
            <Menu.Positioner className="menu-positioner" sideOffset={4}>
              <Menu.Popup className="menu" finalFocus={false}>
                {KINDS.map(({ kind, label, hint }) => (
                  <Menu.Item
                    key={kind}
                    className="menu-item"
                    data-testid={`insert-kind-${kind}`}
                    onClick={() => insert(kind)}
                  >
                    {label}
                    <span className="faint">{hint}</span>
                  </Menu.Item>
                ))}
              </Menu.Popup>
            </Menu.Positioner>
          </Menu.Portal>
        </Menu.Root>
        {always && (
          <>
            <button className="button" onClick={() => insert('query')}>
              <Plus size={13} /> SQL
            </button>
            <button className="button" onClick={() => insert('markdown')}>
              <Plus size={13} /> Text
            </button>
          </>
        )}
      </div>
    </div>
  );
});
