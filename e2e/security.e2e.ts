import { afterAll, beforeAll, expect, test } from 'vitest';
import { foreignRequests, launch, type Launched } from './fixture';

let plumbline: Launched;
beforeAll(async () => {
  plumbline = await launch({ size: { width: 1280, height: 800 } });
});
afterAll(() => plumbline.close());

test('the page comes from app://plumbline', async () => {
  expect(plumbline.page.url()).toBe('app://plumbline/index.html');
  await plumbline.page.locator('#root > *').first().waitFor();
  console.log(
    await plumbline.page.evaluate(() =>
      (window as never as { plumbline: any }).plumbline.call('app.info', {}),
    ),
  );
  expect(plumbline.problems).toEqual([]);
  expect(foreignRequests(plumbline.requests)).toEqual([]);
  await plumbline.screenshot('start');
});
