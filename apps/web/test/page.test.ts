/** The built page in a real browser, from the link to the downloaded result. */
import { parseBenchResult } from '@hetconv/bench';
import type { ConformanceReport } from '@hetconv/conformance';
import { readEmbedded } from '@hetconv/report';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Site, type Visit } from '../tools/site.ts';
import { violations } from './support/axe.ts';
import { topClasses } from './support/classify-in-node.ts';
import { download, overflow, runToEnd, tabTo, waitForStatus } from './support/drive.ts';

const VIEWS = ['idea', 'speed', 'conformance', 'playground'] as const;

let site: Site | string;
let visit: Visit | undefined;

beforeAll(async () => {
  site = await Site.open();
}, 120_000);

afterAll(async () => {
  if (typeof site !== 'string') await site.close();
});

beforeEach((context) => {
  if (typeof site === 'string') context.skip(site);
});

afterEach(async () => {
  const { errors = [] } = visit ?? {};
  await visit?.close();
  visit = undefined;
  expect(errors).toEqual([]);
});

async function open(...[hash, options]: Parameters<Site['visit']>): Promise<Page> {
  if (typeof site === 'string') throw new Error(site);
  visit = await site.visit(hash, options);
  return visit.page;
}

describe('the idea', () => {
  it('counts what the link asks for, and follows the keyboard', async () => {
    const page = await open('#idea?M=64&N=32&P=8');
    await page.getByText('4.50×').waitFor();
    await page.getByText('Filter 1 of 0 to 31 holds 3×3 on 8 channels (1, 9, 17, 25, 33, 41, 49, 57)').waitFor();
    await tabTo(page, 'spinbutton', 'Part P');
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.type('4');
    await page.keyboard.press('Tab');
    await page.getByText('3.00×').waitFor();
    expect(new URL(page.url()).hash).toBe('#idea?M=64&N=32');
    await page.getByRole('spinbutton', { name: 'Channels M' }).fill('4096');
    await page.keyboard.press('Tab');
    await page.getByText('The first 32 filters and 96 channels of 32 and 4096').waitFor();
  });
});

describe('the benchmark', () => {
  it('measures a network on cpu and wasm, saves the result and opens it again', async () => {
    const page = await open('#speed?parts=8&backends=cpu,wasm&blocks=2&seconds=1');
    await runToEnd(page, 'Measure');
    expect(await violations(page)).toEqual([]);
    const json = await download(page, /^Download .*json$/);
    const html = await download(page, /^Download .*html$/);
    const result = parseBenchResult(JSON.parse(json.text));
    expect(json.name).toBe('bench-resnet20-cifar.json');
    expect(result.rows.map(({ backend, part }) => [backend, part])).toEqual([
      ['cpu', 8],
      ['wasm', 8],
    ]);
    expect(readEmbedded(html.text)).toEqual(result);
    for (const file of [json, html]) {
      await page.reload();
      await page.getByText('Nothing measured yet').waitFor();
      const mimeType = file === json ? 'application/json' : 'text/html';
      await page.getByLabel('Open a result').setInputFiles({ ...file, mimeType, buffer: Buffer.from(file.text) });
      await page.getByText(`From the file ${file.name}`).waitFor();
      expect(await page.locator('.report td', { hasText: 'wasm' }).count()).toBeGreaterThan(0);
    }
  });

  it('says what is wrong with a file that is no result', async () => {
    const page = await open('#speed');
    const files = [
      ['a.json', '{"rows": []', 'JSON'],
      ['b.json', '{"environment": {}, "rows": []}', 'rows must be'],
      ['c.json', '{}', 'not a result of hetconv'],
    ];
    for (const [name, text, message] of files) {
      const file = { name, mimeType: 'application/json', buffer: Buffer.from(text) };
      await page.getByLabel('Open a result').setInputFiles(file);
      await page.locator('[role=alert]', { hasText: message }).waitFor();
      expect(await page.locator('.report').count()).toBe(0);
    }
  });
});

describe('the conformance suite', () => {
  it('runs two families on cpu and wasm, in minified code', async () => {
    const page = await open('#conformance?families=errors,format&backends=cpu,wasm');
    await runToEnd(page, 'Check');
    await page.locator('.verdict.passed').waitFor();
    expect(await violations(page)).toEqual([]);
    const json = await download(page, /json$/);
    const report = JSON.parse(json.text) as ConformanceReport;
    expect(report.problems).toEqual([]);
    expect(report.families).toEqual(['errors', 'format']);
    expect(Object.keys(report.backends)).toEqual(['cpu', 'wasm']);
    expect((await download(page, /html$/)).text).toContain('<!doctype html>');
    await page.reload();
    const file = { name: json.name, mimeType: 'application/json', buffer: Buffer.from(json.text) };
    await page.getByLabel('Open a result').setInputFiles(file);
    await page.locator('.verdict.passed').waitFor();
  });

  it('is started and stopped by keyboard alone, with the focus in sight', async () => {
    const page = await open();
    await tabTo(page, 'link', 'Conformance');
    await page.keyboard.press('Enter');
    await tabTo(page, 'checkbox', 'exhaustive');
    await page.keyboard.press('Space');
    await page.waitForURL(/#conformance\?families=geometry,channels,tiles/);
    await page.getByRole('button', { name: 'Check', exact: true, disabled: false }).waitFor();
    await tabTo(page, 'button', 'Check');
    const outline = await page.evaluate(() => getComputedStyle(document.activeElement ?? document.body).outlineStyle);
    expect(outline).toBe('solid');
    await page.keyboard.press('Enter');
    await page.locator('td', { hasText: 'running' }).waitFor();
    await tabTo(page, 'button', 'Stop');
    await page.keyboard.press('Enter');
    await waitForStatus(page, 'Stopped.');
    await page.getByRole('button', { name: 'Check', exact: true, disabled: false }).waitFor();
  });
});

describe('the playground', () => {
  it('classifies a real image on cpu, wasm and webgl as Node does', async () => {
    const page = await open('#playground?backends=cpu,wasm,webgl');
    await page.getByRole('button', { name: 'Ankle boot' }).click();
    await waitForStatus(page, 'Finished.');
    await page.getByText('All 3 backends agree').waitFor();
    await page.getByText(/^Weights: trained on fashion-mnist, \d+ epochs, .* % of \d+ test images\.$/).waitFor();
    expect(await violations(page)).toEqual([]);
    const shown = await page.locator('.card').first().locator('li').allInnerTexts();
    expect(shown.map((text) => text.replaceAll(/\s+/g, ' '))).toEqual(await topClasses());
  });

  it('takes a picture file; says where weights are untrained', async () => {
    const page = await open('#playground?weights=untrained&backends=cpu');
    await page.getByText('Untrained weights').waitFor();
    const buffer = await page.screenshot();
    await page.getByLabel('Choose a picture').setInputFiles({ name: 'page.png', mimeType: 'image/png', buffer });
    await page.getByAltText('The picture: page.png').waitFor();
    await waitForStatus(page, 'Finished.');
    await page.getByText('One backend: nothing to compare with.').waitFor();
    expect(await page.locator('.card').count()).toBe(1);
    await page.getByText('Weights: untrained (seed 0).').waitFor();
    expect(await page.locator('.card li').first().innerText()).toMatch(/^class \d/);
    const kind = page.getByRole('combobox', { name: 'Kind' });
    await kind.selectOption('pwc');
    await page.getByText('Networks with trained weights').click();
    await page.getByRole('link', { name: 'resnet20-cifar, standard, on fashion-mnist' }).click();
    await page.getByText('Its weights were trained on fashion-mnist').waitFor();
    expect(await kind.inputValue()).toBe('standard'); // also a field that was changed before
  });
});

describe('the page', () => {
  it('reproduces a run from its link', async () => {
    const page = await open('#speed', { permissions: ['clipboard-read', 'clipboard-write'] });
    await page.getByRole('checkbox', { name: /^VGG-16 for CIFAR/ }).check();
    await page.getByRole('textbox', { name: 'Seed' }).fill('7');
    // A redraw, with the focus still in the field.
    await page.getByRole('checkbox', { name: '64', exact: true }).evaluate((box: HTMLElement) => box.click());
    await page.evaluate(() => new Promise(requestAnimationFrame));
    await page.getByRole('button', { name: 'Copy the link to these settings' }).click();
    const link = await page.evaluate(() => navigator.clipboard.readText());
    expect(new URL(link).hash).toBe('#speed?models=vgg16-cifar,resnet20-cifar&parts=2,4,8,64&seed=7');
    await page.goto('about:blank');
    await page.goto(link);
    expect(await page.getByRole('checkbox', { name: '64', exact: true }).isChecked()).toBe(true);
    expect(await page.getByRole('textbox', { name: 'Seed' }).inputValue()).toBe('7');
  });

  it('shows a backend that is not available with its reason', async () => {
    const page = await open();
    await page.route(/worker-.*\.js/, async (route) => {
      const response = await route.fetch();
      const withoutGpu = "Object.defineProperty(WorkerNavigator.prototype, 'gpu', { value: undefined });";
      await route.fulfill({ response, body: withoutGpu + (await response.text()) });
    });
    await page.goto('about:blank');
    await page.goto(`${(site as Site).url}#speed`);
    await page.getByText('not available: this browser has no WebGPU').waitFor();
    expect(await page.getByRole('checkbox', { name: /^webgpu/ }).isDisabled()).toBe(true);
    expect(await page.getByRole('checkbox', { name: /^wasm/ }).isChecked()).toBe(true);
  });

  it('works where the server sends no isolation headers', async () => {
    const page = await open();
    await page.route(/\/$/, async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, headers: { 'content-type': 'text/html' } });
    });
    await page.goto('about:blank');
    await page.goto(`${(site as Site).url}#speed`);
    await page.getByText('not cross-origin isolated').waitFor();
    await page.getByText(/simd, 1 thread/).waitFor();
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
  });

  it.each(VIEWS)('fits a screen of 360 pixels and passes axe, light and dark: %s', async (view) => {
    const page = await open(`#${view}`, { viewport: { width: 360, height: 740 }, bypassCSP: true });
    await page.locator('h1').waitFor();
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      expect(await violations(page)).toEqual([]);
    }
  });
});
