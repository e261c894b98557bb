/** Backends that run in a headless browser: the same work as in this process, its rows under the names that were asked for. */
import type { LayerRequest, LayerRow, ModelRow } from '@hetconv/bench';
import type { ConformanceReport } from '@hetconv/conformance';
import type { PageBackend } from '../browser/bundle.ts';
import { launchFlags, renderingOf } from '../browser/launch-flags.ts';
import { type ModelsToSend, pageModels } from '../browser/page-models.ts';
import type { PageProgress, PageTasks, Timing } from '../browser/protocol.ts';
import { BrowserSession } from '../browser/session.ts';
import { note } from '../output/emit.ts';

export interface LabelledBackend extends PageBackend {
  /** What its rows say. */
  readonly label: string;
}

type OnProgress = (progress: PageProgress) => void;

export class BrowserBackends {
  readonly #session: BrowserSession;
  readonly #backends: readonly LabelledBackend[];

  private constructor(session: BrowserSession, backends: readonly LabelledBackend[]) {
    this.#session = session;
    this.#backends = backends;
  }

  /**
   * Starts a browser and prepares the backends in it.
   *
   * @param skip told of each that cannot run, and why; may throw
   * @returns those that can, if any
   */
  static async open(
    backends: readonly LabelledBackend[],
    skip: (label: string, reason: string) => void,
  ): Promise<BrowserBackends | undefined> {
    note(`starting a browser for ${backends.map(({ label }) => label).join(', ')}`);
    const session = await BrowserSession.open(backends);
    if (typeof session === 'string') {
      for (const { label } of backends) skip(label, session);
      return undefined;
    }
    const ready: LabelledBackend[] = [];
    try {
      for (const backend of backends) {
        const availability = await session.run('prepare', backend.name);
        if (availability.available) ready.push(backend);
        else skip(backend.label, `${availability.reason} (${session.browserName})`);
      }
    } catch (error) {
      await session.close();
      throw error;
    }
    if (ready.length > 0) return new BrowserBackends(session, ready);
    await session.close();
    return undefined;
  }

  /** What figures from here need beside them: the browser, and what each backend says of its device. */
  async environment(): Promise<{
    readonly browser: Readonly<Record<string, unknown>>;
    readonly backends: Readonly<Record<string, unknown>>;
  }> {
    const { page, backends } = await this.#session.run('describe', this.#names());
    const rendering = renderingOf() === 'software' ? 'software rasteriser (SwiftShader), no GPU' : 'hardware';
    return {
      browser: { name: this.#session.browserName, rendering, launchFlags: launchFlags().join(' '), ...page },
      backends: Object.fromEntries(this.#backends.map(({ name, label }) => [label, backends[name]])),
    };
  }

  async layers(layers: readonly LayerRequest[], timing: Timing, onProgress: OnProgress): Promise<LayerRow[]> {
    const rows = await this.#session.run('layers', { backends: this.#names(), layers, timing }, onProgress);
    return rows.map((row) => ({ ...row, backend: this.#labelOf(row.backend) }));
  }

  /** @param request with the outputs of this process to compare with */
  async models(request: ModelsToSend, timing: Timing, onProgress: OnProgress): Promise<ModelRow[]> {
    const { models, files } = await pageModels(request);
    const withdraw = this.#session.share(files);
    const task = { backends: this.#names(), models, timing };
    const rows = await this.#session.run('models', task, onProgress).finally(withdraw);
    return rows.map((row) => ({ ...row, backend: this.#labelOf(row.backend) }));
  }

  async conformance(
    options: Omit<Parameters<PageTasks['conformance']>[0], 'backends'>,
    onProgress: OnProgress,
  ): Promise<ConformanceReport> {
    const report = await this.#session.run('conformance', { backends: this.#names(), ...options }, onProgress);
    const backends = Object.entries(report.backends).map(([name, result]) => [this.#labelOf(name), result]);
    return { ...report, backends: Object.fromEntries(backends) };
  }

  close(): Promise<void> {
    return this.#session.close();
  }

  #names(): string[] {
    return this.#backends.map(({ name }) => name);
  }

  #labelOf(name: string): string {
    return this.#backends.find((backend) => backend.name === name)?.label ?? name;
  }
}
