/** Pictures of the page for the documents: `node tools/screenshots.ts`. Writes docs/web-wide.png and docs/web-narrow.png whole or not at all. */
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { PNG } from 'pngjs';
import { Site } from './site.ts';

const DOCS = fileURLToPath(new URL('../../../docs/', import.meta.url));

/** A measured network, wide and light; the idea, narrow and dark. */
const PICTURES = [
  {
    file: 'web-wide.png',
    link: '#speed?parts=4,M&backends=cpu,wasm&seconds=5',
    button: 'Measure',
    options: { viewport: { width: 1280, height: 1150 }, colorScheme: 'light' },
  },
  {
    file: 'web-narrow.png',
    link: '#idea?M=32&N=24&P=8&filter=3',
    button: undefined,
    options: { viewport: { width: 390, height: 1080 }, colorScheme: 'dark' },
  },
] as const;

const site = await Site.open();
if (typeof site === 'string') throw new Error(site);
await mkdir(DOCS, { recursive: true });
for (const { file, link, button, options } of PICTURES) {
  const { page, close } = await site.visit(link, options);
  if (button !== undefined) {
    await page.getByRole('button', { name: button, exact: true }).click();
    await page.locator('[role=status]', { hasText: 'Finished.' }).waitFor({ state: 'attached', timeout: 300_000 });
  }
  await page.getByText('Everything runs on this machine').waitFor();
  await page.evaluate(() => scrollTo(0, 0));
  const path = `${DOCS}${file}`;
  await writeFile(`${path}.tmp`, small(await page.screenshot()));
  await rename(`${path}.tmp`, path);
  await close();
}
await site.close();

/** The same pixels in fewer bytes: without alpha, compressed as far as it goes. */
function small(png: Buffer): Buffer {
  return PNG.sync.write(PNG.sync.read(png), { colorType: 2, deflateLevel: 9 });
}
