/** A headless browser with our page in it: starts on demand, runs tasks, says why it could not. */
import type { Browser, Page } from 'playwright-core';
import type { Plugin } from 'rolldown';
import { bundlePage, type PageBackend, type PageFiles } from './bundle.ts';
import { findBrowser } from './find-browser.ts';
import { launchFlags } from './launch-flags.ts';
import type { PageProgress, PageTasks } from './protocol.ts';
import { type PageServer, servePage } from './serve.ts';

export class BrowserSession {
  /** Name and version, e.g. `Chromium 156.0.8078.79`. */
  readonly browserName: string;
  readonly #server: PageServer;
  readonly #browser: Browser;
  readonly #page: Page;
  #onProgress: ((progress: PageProgress) => void) | undefined;
  /** Rejects when the page is gone: a task would wait forever. */
  #fail: ((error: Error) => void) | undefined;

  private constructor(server: PageServer, browser: Browser, page: Page) {
    this.#server = server;
    this.#browser = browser;
    this.#page = page;
    this.browserName = `Chromium ${browser.version()}`;
  }

  /**
   * @param plugins of the bundler, see `bundlePage`
   * @returns the session, or a reason why there is none
   * @throws Error where a browser is there and the page does not start in it
   */
  static async open(
    backends: readonly PageBackend[],
    plugins: readonly Plugin[] = [],
  ): Promise<BrowserSession | string> {
    const found = findBrowser();
    if (!found.found) return found.reason;
    const server = await servePage(await bundlePage(backends, plugins));
    let browser: Browser | undefined;
    try {
      const { chromium } = await import('playwright-core'); // only for those who need a browser
      browser = await chromium.launch({ executablePath: found.path, headless: true, args: launchFlags() });
      const page = await browser.newPage();
      const session = new BrowserSession(server, browser, page);
      await session.#start();
      return session;
    } catch (error) {
      await browser?.close();
      await server.close();
      throw error;
    }
  }

  async #start(): Promise<void> {
    const page = this.#page;
    const lose = (what: string): void => this.#fail?.(new Error(`The browser page ended: ${what}.`));
    page.on('crash', () => lose('it crashed'));
    page.on('close', () => lose('it was closed'));
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(error.message));
    await page.exposeFunction('hetconvProgress', (progress: PageProgress) => this.#onProgress?.(progress));
    await page.goto(this.#server.url);
    try {
      await page.waitForFunction(() => globalThis.hetconvTasks !== undefined);
    } catch (error) {
      throw new Error(`The page did not start: ${errors.join('; ') || String(error)}`, { cause: error });
    }
  }

  /** Runs one task in the page. */
  async run<Name extends keyof PageTasks>(
    name: Name,
    request: Parameters<PageTasks[Name]>[0],
    onProgress?: (progress: PageProgress) => void,
  ): Promise<Awaited<ReturnType<PageTasks[Name]>>> {
    this.#onProgress = onProgress;
    const lost = new Promise<never>((_resolve, reject) => (this.#fail = reject));
    try {
      const result = this.#page.evaluate(
        ([task, argument]) => {
          const run = globalThis.hetconvTasks?.[task] as ((request: unknown) => Promise<unknown>) | undefined;
          return run?.(argument);
        },
        [name, request] as const,
      );
      return (await Promise.race([result, lost])) as Awaited<ReturnType<PageTasks[Name]>>;
    } finally {
      this.#fail = undefined;
    }
  }

  /** Lets the page fetch these, until the function that it returns is called. */
  share(files: PageFiles): () => void {
    return this.#server.share(files);
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await this.#server.close();
  }
}
