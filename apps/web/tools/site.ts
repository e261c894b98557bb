/** The built page, served on this machine, in a headless Chromium: for tests and for the pictures of the documents. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findBrowser, launchFlags } from '@hetconv/cli/browser';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { build, preview, type PreviewServer } from 'vite';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** A page and the errors that it has put on its console or thrown. */
export interface Visit {
  readonly page: Page;
  readonly errors: readonly string[];
  readonly close: () => Promise<void>;
}

export class Site {
  readonly url: string;
  readonly #folder: string;
  readonly #server: PreviewServer;
  readonly #browser: Browser;

  private constructor(url: string, folder: string, server: PreviewServer, browser: Browser) {
    this.url = url;
    this.#folder = folder;
    this.#server = server;
    this.#browser = browser;
  }

  /** @returns a reason where there is no browser */
  static async open(): Promise<Site | string> {
    const found = findBrowser();
    if (!found.found) return found.reason;
    const folder = await mkdtemp(join(tmpdir(), 'hetconv-web-'));
    const built = { outDir: folder, emptyOutDir: true };
    await build({ root: ROOT, logLevel: 'error', build: built });
    const options = { root: ROOT, logLevel: 'error', build: built } as const;
    const server = await preview({ ...options, preview: { host: '127.0.0.1', port: 0 } });
    const browser = await chromium.launch({ executablePath: found.path, headless: true, args: launchFlags() });
    const address = server.httpServer.address();
    if (address === null || typeof address === 'string') throw new Error('The preview server has no port.');
    return new Site(`http://localhost:${address.port}/`, folder, server, browser);
  }

  /** Opens the page at a link, e.g. `#speed?parts=4`. */
  async visit(hash = '', options: BrowserContextOptions & { readonly script?: string } = {}): Promise<Visit> {
    const { script, ...contextOptions } = options;
    const context = await this.#browser.newContext({ acceptDownloads: true, ...contextOptions });
    if (script !== undefined) await context.addInitScript(script);
    const page = await context.newPage();
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text());
    });
    await page.goto(`${this.url}${hash}`);
    return { page, errors, close: () => context.close() };
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await this.#server.close();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
