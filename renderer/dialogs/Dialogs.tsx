import { useApp } from '../store/context';
import { AboutDialog } from './AboutDialog';
import { ConnectionsDialog } from './ConnectionsDialog';
import { FeastExportDialog } from './FeastExportDialog';
import { InspectDialog } from './InspectDialog';
import { LookupDialog } from './LookupDialog';
import { OpenDialog } from './OpenDialog';
import { ProblemsDialog } from './ProblemsDialog';
import { SettingsDialog } from './SettingsDialog';
import { ShortcutsDialog } from './ShortcutsDialog';
import type { DialogName } from '../store/state';

const DIALOGS: Record<DialogName, React.ComponentType> = {
  settings: SettingsDialog,
  connections: ConnectionsDialog,
  open: OpenDialog,
  shortcuts: ShortcutsDialog,
  problems: ProblemsDialog,
  about: AboutDialog,
  lookup: LookupDialog,
  inspect: InspectDialog,
  feast: FeastExportDialog,
};

export function Dialogs() {
  const open = useApp((state) => state.dialogs.open);
  if (open === null) return null;
  const Shown = DIALOGS[open];
  return <Shown />;
}
