import { expect, test } from 'vitest';
import { menuTemplate, type MenuItem } from './menu-template';

const flat = (items: MenuItem[]): MenuItem[] => items.flatMap((item) => [item, ...flat(item.submenu ?? [])]);

test.each(['linux', 'win32', 'darwin'])(
  '%s: no item reloads the page or opens the developer tools',
  (platform) => {
    const roles = flat(menuTemplate(platform, () => undefined)).map(({ role }) => role);
    for (const role of ['reload', 'forceReload', 'toggleDevTools', 'viewMenu'])
      expect(roles).not.toContain(role);
    for (const role of ['cut', 'copy', 'paste', 'selectAll']) expect(roles).toContain(role);
  },
);

test('a click sends the command; its key is left to the page', () => {
  const sent: string[] = [];
  const items = flat(menuTemplate('linux', (id) => sent.push(id)));
  const save = items.find(({ label }) => label === 'Save');
  save?.click?.();
  expect(sent).toEqual(['notebook.save']);
  for (const item of items.filter(({ accelerator }) => accelerator))
    expect(item.registerAccelerator).toBe(false);
});
