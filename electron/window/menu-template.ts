/** A menu item in plain data; `click` sends a command of the renderer's registry. */
export interface MenuItem {
  label?: string;
  role?: string;
  type?: 'separator';
  accelerator?: string;
  /** false: the key is shown, the page handles it (and the user may rebind it there). */
  registerAccelerator?: boolean;
  click?: () => void;
  submenu?: MenuItem[];
}

const separator: MenuItem = { type: 'separator' };

/** The menu bar. Keys of commands are the page's business, so that key bindings hold in one place. */
export function menuTemplate(platform: string, sendCommand: (id: string) => void): MenuItem[] {
  const mac = platform === 'darwin';
  const command = (label: string, id: string, accelerator?: string): MenuItem => ({
    label,
    click: () => sendCommand(id),
    ...(accelerator ? { accelerator, registerAccelerator: false } : {}),
  });
  const menus: MenuItem[] = [
    {
      label: '&File',
      submenu: [
        command('New Notebook…', 'notebook.new'),
        command('Open Notebook…', 'notebook.open', 'CmdOrCtrl+O'),
        command('Open Sample', 'notebook.openSample'),
        command('Reset Sample…', 'notebook.resetSample'),
        separator,
        command('Save', 'notebook.save', 'CmdOrCtrl+S'),
        separator,
        command('Settings', 'settings.open', 'CmdOrCtrl+,'),
        command('Redis Connections', 'redis.connections'),
        separator,
        { role: mac ? 'close' : 'quit' },
      ],
    },
    {
      label: '&Edit',
      submenu: [
        command('Undo', 'edit.undo', 'CmdOrCtrl+Z'),
        command('Redo', 'edit.redo', 'CmdOrCtrl+Shift+Z'),
        separator,
        { role: 'cut' },
        { role: 'copy' },
        { role: 'paste' },
        { role: 'selectAll' },
      ],
    },
    {
      label: '&Run',
      submenu: [
        command('Run Cell', 'cell.run', 'CmdOrCtrl+Enter'),
        command('Run All', 'run.all'),
        command('Run Stale Cells', 'run.stale', 'F9'),
        command('Stop', 'run.cancel', 'CmdOrCtrl+.'),
      ],
    },
    {
      label: '&View',
      submenu: [
        command('Command Palette', 'palette.open', 'CmdOrCtrl+Shift+P'),
        command('Catalog', 'view.toggleCatalog'),
        command('Inspector', 'view.toggleInspector'),
        separator,
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { role: 'togglefullscreen' },
      ],
    },
    { label: '&Window', role: 'windowMenu' },
    {
      label: '&Help',
      role: 'help',
      submenu: [
        command('Documentation', 'help.docs'),
        command('Keyboard Shortcuts', 'help.shortcuts'),
        ...(mac ? [] : [separator, { role: 'about' }]),
      ],
    },
  ];
  return mac ? [{ role: 'appMenu' }, ...menus] : menus;
}
