import { Command } from 'cmdk';
import { useMemo } from 'react';
import { allViews } from '../../engine/catalog/feature-named';
import { chordLabel } from '../commands/chord';
import { COMMANDS, chordsOf, isEnabled, runCommand } from '../commands/registry';
import { kindLabel } from '../notebook/kinds';
import { useApp, useAppStore } from '../store/context';

function CommandItems({ onDone }: { onDone(): void }) {
  const store = useAppStore();
  const keybindings = useApp((state) => state.settings.keybindings);
  const mac = useApp((state) => state.workspace.platform === 'darwin');
  const state = store.getState();
  return COMMANDS.filter((command) => command.hidden !== true).map((command) => {
    const chord = chordsOf(command, keybindings)[0];
    return (
      <Command.Item
        key={command.id}
        value={`${command.group}: ${command.title}`}
        disabled={!isEnabled(command, state)}
        data-testid={`palette-${command.id}`}
        onSelect={() => {
          onDone();
          runCommand(command.id, store.getState());
        }}
      >
        <span className="faint">{command.group}</span>
        {command.title}
        <span className="grow" />
        {chord !== undefined && <kbd className="kbd">{chordLabel(chord, mac)}</kbd>}
      </Command.Item>
    );
  });
}

function NameItems({ onDone }: { onDone(): void }) {
  const store = useAppStore();
  const document = useApp((state) => state.document.current);
  const catalog = useApp((state) => state.analysis.shown ?? undefined);
  const notebooks = useApp((state) => state.workspace.info?.notebooks);
  const features = useMemo(
    () =>
      (catalog === undefined ? [] : allViews(catalog)).flatMap((view) =>
        view.features.map((feature) => ({ view: view.name, ref: `${view.name}:${feature.name}`, feature })),
      ),
    [catalog],
  );
  const goTo = (cell: string) => {
    onDone();
    store.getState().selection.goTo(cell);
  };
  return (
    <>
      <Command.Group heading="Cells">
        {(document?.blocks ?? []).map((block) =>
          block.type === 'cell' ? (
            <Command.Item
              key={block.id}
              value={`${block.name} ${block.kind}`}
              onSelect={() => goTo(block.name)}
            >
              {block.name}
              <span className="faint">{kindLabel(block.kind)}</span>
            </Command.Item>
          ) : null,
        )}
      </Command.Group>
      <Command.Group heading="Features">
        {features.map(({ view, ref, feature }) => (
          <Command.Item
            key={ref}
            value={ref}
            onSelect={() => {
              goTo(view);
              store.getState().selection.inspect({ type: 'catalog', item: { kind: 'feature', name: ref } });
            }}
          >
            {feature.name}
            <span className="faint">
              {view}, {feature.type}
            </span>
          </Command.Item>
        ))}
      </Command.Group>
      <Command.Group heading="Notebooks">
        {(notebooks ?? []).map((file) => (
          <Command.Item
            key={file}
            value={`notebook ${file}`}
            onSelect={() => {
              onDone();
              void store.getState().workspace.openNotebook(file);
            }}
          >
            {file}
          </Command.Item>
        ))}
      </Command.Group>
    </>
  );
}

/** Every command, or every name of the notebook, by a few letters. */
export function Palette() {
  const store = useAppStore();
  const kind = useApp((state) => state.dialogs.palette);
  const close = () => store.getState().dialogs.showPalette(null);
  return (
    <Command.Dialog
      open={kind !== null}
      onOpenChange={(open) => !open && close()}
      label={kind === 'names' ? 'Go to a cell or name' : 'Command palette'}
      data-testid="palette"
      loop
    >
      <Command.Input
        autoFocus
        data-testid="palette-input"
        placeholder={kind === 'names' ? 'Cell, feature or notebook' : 'Type a command'}
      />
      <Command.List>
        <Command.Empty>Nothing matches.</Command.Empty>
        {kind === 'commands' && <CommandItems onDone={close} />}
        {kind === 'names' && <NameItems onDone={close} />}
      </Command.List>
    </Command.Dialog>
  );
}
