/** Finding a browser and choosing its flags, on machines that this is not. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findBrowser, type SearchContext } from '../src/browser/find-browser.ts';
import { launchFlags, type LaunchContext, renderingOf } from '../src/browser/launch-flags.ts';

function machine(platform: NodeJS.Platform, env: SearchContext['env'], files: readonly string[]): SearchContext {
  return { platform, env, isExecutable: (file) => files.includes(file) };
}

describe('findBrowser', () => {
  const chromium = '/usr/bin/chromium';
  const macChrome = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';
  const windowsChrome = join('C:\\Program Files', 'Google', 'Chrome', 'Application', 'chrome.exe');

  it.each<[string, SearchContext, string]>([
    ["Debian's chromium", machine('linux', {}, [chromium]), chromium],
    ['the PATH', machine('linux', { PATH: '/opt/b' }, ['/opt/b/google-chrome']), '/opt/b/google-chrome'],
    ['CHROME_BIN before all', machine('linux', { CHROME_BIN: '/my/chrome' }, [chromium, '/my/chrome']), '/my/chrome'],
    ['macOS', machine('darwin', { HOME: '/Users/me' }, [macChrome]), macChrome],
    ['Windows', machine('win32', { PROGRAMFILES: 'C:\\Program Files' }, [windowsChrome]), windowsChrome],
  ])('finds it: %s', (_where, context, path) => {
    expect(findBrowser(context)).toEqual({ found: true, path });
  });

  it('takes no other browser where CHROME_BIN is wrong', () => {
    const found = findBrowser(machine('linux', { CHROME_BIN: '/gone' }, [chromium]));
    expect(found).toEqual({ found: false, reason: "CHROME_BIN is '/gone', which is no executable file" });
  });

  it('says what to install', () => {
    expect(findBrowser(machine('linux', {}, []))).toMatchObject({
      reason: expect.stringMatching(/apt install chromium/),
    });
  });
});

describe('launchFlags', () => {
  const bare: LaunchContext = { platform: 'linux', env: {}, isRoot: false, devices: [] };

  it('rasterises in software where there is no GPU', () => {
    expect(renderingOf(bare)).toBe('software');
    expect(launchFlags(bare)).toContain('--use-webgpu-adapter=swiftshader');
  });

  it.each(['renderD128', 'nvidia0'])('uses /dev/%s', (device) => {
    const flags = launchFlags({ ...bare, devices: ['null', device] });
    expect(flags).toContain('--use-angle=vulkan');
    expect(flags).not.toContain('--use-angle=swiftshader');
  });

  it('does as HETCONV_RENDERING says', () => {
    expect(renderingOf({ ...bare, platform: 'darwin', env: { HETCONV_RENDERING: 'software' } })).toBe('software');
    expect(renderingOf({ ...bare, env: { HETCONV_RENDERING: 'hardware' } })).toBe('hardware');
  });

  it('leaves the sandbox on unless run as root', () => {
    expect(launchFlags(bare)).not.toContain('--no-sandbox');
    expect(launchFlags({ ...bare, isRoot: true })).toContain('--no-sandbox');
  });
});
