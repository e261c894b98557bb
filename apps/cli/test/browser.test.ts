/** Backends in a headless browser, driven by the command as a script drives it. Needs a browser; says so where there is none. */
import { describe, expect, it } from 'vitest';
import { type Outcome, run } from './support/run.ts';
import { findBrowser } from '../src/browser/find-browser.ts';
import { decodeFloats, encodeFloats } from '../src/browser/protocol.ts';

const browser = findBrowser();
const missing = browser.found ? '' : browser.reason;

function hetconv(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Outcome> {
  return run(args, { env: { ...process.env, ...env } });
}

const brief = ['--rounds', '2', '--budget', '1', '--json'];

describe('backends in a browser', { timeout: 240_000 }, () => {
  it('bench layer: rows of both places in one table, the page in the environment', async ({ skip }) => {
    skip(!browser.found, missing);
    const layer = ['bench', 'layer', '--size', '5', '--in', '8', '--out', '6', '--part', '2'];
    const { code, stdout, stderr } = await hetconv([...layer, '--backends', 'cpu,webgl,wasm@browser', ...brief]);
    expect(stderr).toMatch(/webgl: timing/);
    expect(code).toBe(0);
    const { environment, rows } = JSON.parse(stdout) as {
      environment: { browser: object; backends: Record<string, object> };
      rows: { backend: string; medianMs: number }[];
    };
    expect(rows.map(({ backend }) => backend)).toEqual(['cpu', 'webgl', 'wasm@browser']);
    expect(environment.browser).toMatchObject({
      name: expect.stringMatching(/^Chromium \d/),
      rendering: expect.stringMatching(/software rasteriser|hardware/),
      isolated: true,
    });
    expect(environment.backends.webgl).toMatchObject({ renderer: expect.any(String), epsilon: 2 ** -23 });
  });

  it('bench model: the same trained networks, outputs compared with those of this process', async ({ skip }) => {
    skip(!browser.found, missing);
    const args = ['bench', 'model', 'resnet20-cifar', '--part', '4', '--backends', 'wasm@browser', '--count', '2'];
    const { code, stdout } = await hetconv([...args, '--weights', 'pretrained', '--fold', ...brief]);
    expect(code).toBe(0);
    const { rows } = JSON.parse(stdout) as { rows: { backend: string; worstDifference: number; accuracy: number }[] };
    expect(rows).toMatchObject([{ backend: 'wasm@browser', model: 'resnet20-cifar', part: 4, labelled: 2 }]);
    expect([0, 0.5, 1]).toContain(rows[0].accuracy);
    expect(rows[0].worstDifference).toBeGreaterThan(0); // it was compared, with another backend
    expect(rows[0].worstDifference).toBeLessThan(1e-4);
  });

  it('conformance: one report of both places', async ({ skip }) => {
    skip(!browser.found, missing);
    const { code, stdout } = await hetconv([
      'conformance',
      '--backends',
      'cpu,webgl',
      '--families',
      'memory',
      '--json',
    ]);
    expect(code).toBe(0);
    const { backends } = JSON.parse(stdout) as { backends: Record<string, { passed: number; failed: number }> };
    expect(Object.keys(backends)).toEqual(['cpu', 'webgl']);
    expect(backends.webgl.passed).toBe(backends.cpu.passed);
  });

  it('says why there is none: by name an error, under all a note', async () => {
    const env = { CHROME_BIN: '/nowhere/chrome', HETCONV_RENDERING: 'hardware' };
    const named = await hetconv(['conformance', '--backends', 'webgl'], env);
    expect(named.code).toBe(2);
    expect(named.stderr).toMatch(/webgl cannot run here: CHROME_BIN is '\/nowhere\/chrome'/);
    const all = await hetconv(['conformance', '--families', 'memory'], env);
    expect(all.stderr).toMatch(/skipped: webgl: CHROME_BIN is/);
    expect(all.code).toBe(0);
  });
});

it('floats travel as text without loss', () => {
  const values = Float32Array.from({ length: 100_003 }, (_, i) => Math.fround(i / 7));
  values.set([NaN, -0, Infinity, 2 ** -140]);
  expect(decodeFloats(encodeFloats(values))).toEqual(values);
});
