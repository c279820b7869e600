import { test } from 'vitest';
import { launch } from './fixture';
import { notebookOf } from './notebook-driver';
test('look', async () => {
  const plumbline = await launch({ size: { width: 1400, height: 900 }, theme: 'light' });
  try {
    const notebook = notebookOf(plumbline);
    await notebook.ready();
    const out = notebook.part('serving', 'output');
    await out.evaluate((o) => o.scrollIntoView({ block: 'start' }));
    await plumbline.page.waitForTimeout(6000);
    await plumbline.screenshot('skew-1');
    await notebook.part('serving', 'charts').evaluate((o) => o.scrollIntoView({ block: 'start' }));
    await plumbline.page.waitForTimeout(2000);
    await plumbline.screenshot('skew-2');
    console.log(plumbline.problems);
  } finally {
    await plumbline.close();
  }
}, 180000);
