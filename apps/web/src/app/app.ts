/** The frame of the page: head, navigation, the view that the link names, files that are dropped on it. */
import { html, nothing, render, type TemplateResult } from 'lit-html';
import type { Catalogue } from '../settings/catalogue.ts';
import { LinkReader } from '../settings/link.ts';
import type { BackendInfo } from '../worker/protocol.ts';
import { Engine } from '../worker/engine.ts';
import { openFile } from './open-file.ts';
import type { AppContext, View } from './view.ts';

/** How long a sentence for everybody stays. */
const TELL_MS = 4000;

export class App implements AppContext {
  readonly engine = new Engine();
  readonly catalogue: Catalogue;
  backends: readonly BackendInfo[] | undefined;
  readonly found: Promise<void>;
  isRunning = false;
  readonly #views: readonly View[];
  #current: View;
  #root: HTMLElement | undefined;
  #announced = '';
  /** Whether the announcement is shown, too. */
  #isTold = false;
  #telling: ReturnType<typeof setTimeout> | undefined;
  /** What the person should know: a link or a file that could not be used as it is. */
  #notices: readonly string[] = [];
  #isDrawing = false;

  constructor(catalogue: Catalogue, createViews: (context: AppContext) => readonly View[]) {
    this.catalogue = catalogue;
    this.found = this.#findBackends();
    this.#views = createViews(this);
    this.#current = this.#views[0];
  }

  start(root: HTMLElement): void {
    this.#root = root;
    this.#openLink();
    window.addEventListener('hashchange', () => this.#openLink());
    window.addEventListener('dragover', (event) => event.preventDefault());
    window.addEventListener('drop', (event) => {
      event.preventDefault();
      void this.#take(event.dataTransfer?.files);
    });
    window.addEventListener('paste', (event) => void this.#take(event.clipboardData?.files));
  }

  update(): void {
    this.#writeLink();
    if (this.#isDrawing) return;
    this.#isDrawing = true;
    requestAnimationFrame(() => {
      this.#isDrawing = false;
      this.#draw();
    });
  }

  announce(text: string): void {
    this.#announced = text;
    this.update();
  }

  tell(text: string): void {
    this.#isTold = true;
    this.announce(text);
    clearTimeout(this.#telling);
    this.#telling = setTimeout(() => {
      this.#isTold = false;
      this.update();
    }, TELL_MS);
  }

  async #findBackends(): Promise<void> {
    try {
      this.backends = await this.engine.run('backends', null);
    } catch (error) {
      this.#notices = [String(error)];
    }
    this.update();
  }

  /** `#speed?parts=4`; without a name it is the first view. */
  #openLink(): void {
    const [name, query = ''] = location.hash.slice(1).split('?');
    const view = this.#views.find(({ id }) => id === name) ?? this.#views[0];
    const link = new LinkReader(query);
    view.open(link);
    this.#notices = link.problems;
    this.#show(view);
  }

  #show(view: View): void {
    const isOther = view !== this.#current;
    this.#current = view;
    document.title = `${view.title} · hetconv`;
    this.#draw();
    if (!isOther) return;
    window.scrollTo(0, 0);
    this.#root?.querySelector<HTMLElement>('h1')?.focus();
  }

  async #take(files: FileList | readonly File[] | null | undefined): Promise<void> {
    const [file] = files ?? [];
    if (file === undefined) return;
    try {
      const opened = await openFile(file);
      const view = this.#views.find((one) => one.take?.(opened));
      this.#notices = view === undefined ? [`${file.name}: not a result of hetconv.`] : [];
      if (view !== undefined) this.#show(view);
    } catch (error) {
      this.#notices = [`${file.name}: ${error instanceof Error ? error.message : String(error)}`];
    }
    this.update();
  }

  /** At once, not when the page is drawn: a link that is copied now has to hold what was changed just before. */
  #writeLink(): void {
    const hash = hashOf(this.#current);
    if (location.hash !== hash) history.replaceState(null, '', hash);
  }

  #draw(): void {
    if (this.#root === undefined) return;
    this.#writeLink();
    render(this.#template(), this.#root);
  }

  #template(): TemplateResult {
    const dismiss = (): void => {
      this.#notices = [];
      this.update();
    };
    return html`
      <a class="skip" href="#main" @click=${skipToMain}>Skip to the content</a>
      <header class="head">
        <p class="brand">
          <strong>hetconv</strong> <span>Heterogeneous-kernel convolution on TensorFlow.js, measured here.</span>
        </p>
        <nav aria-label="Views">
          <ul>
            ${this.#views.map((view) => this.#navItem(view))}
          </ul>
        </nav>
      </header>
      <p class=${this.#isTold ? 'told' : 'unseen'} role="status">${this.#announced}</p>
      ${
        this.#notices.length === 0
          ? nothing
          : html`<div class="notice" role="alert">
              ${this.#notices.map((notice) => html`<p>${notice}</p>`)}
              <button type="button" class="quiet" @click=${dismiss}>Dismiss</button>
            </div>`
      }
      <main id="main" tabindex="-1">${this.#current.template()}</main>
      <footer class="foot">
        <label class="file">
          Open a result
          <input type="file" accept=".json,.html,application/json,text/html" @change=${this.#onFile} />
        </label>
        <p>
          Everything runs on this machine; nothing is uploaded.
          ${crossOriginIsolated ? 'The page is isolated: WebAssembly may use threads.' : 'The page is not cross-origin isolated: WebAssembly uses one thread.'}
        </p>
      </footer>
    `;
  }

  #navItem(view: View): TemplateResult {
    return html`<li>
      <a href=${hashOf(view)} aria-current=${view === this.#current ? 'page' : nothing}>
        ${view.title}${view.isRunning ? html`<span class="running"> running</span>` : nothing}
      </a>
    </li>`;
  }

  readonly #onFile = (event: Event): void => {
    const input = event.target as HTMLInputElement;
    void this.#take([...(input.files ?? [])]).then(() => (input.value = ''));
  };
}

function hashOf(view: View): string {
  const query = view.link();
  return query === '' ? `#${view.id}` : `#${view.id}?${query}`;
}

/** The hash belongs to the views, so the skip link moves the focus itself. */
function skipToMain(event: Event): void {
  event.preventDefault();
  document.querySelector<HTMLElement>('main')?.focus();
}
