import { Menu, type MenuItemConstructorOptions } from 'electron';
import { menuTemplate } from './menu-template';

/** The app's own menu: Electron's default one would bring reload and the developer tools. */
export function setupMenu(sendCommand: (id: string) => void): void {
  const template = menuTemplate(process.platform, sendCommand) as MenuItemConstructorOptions[];
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}
