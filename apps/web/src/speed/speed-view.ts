/** The benchmark: networks beside their standard twins on the backends of this browser. */
import type { ConvKind } from '@hetconv/layers';
import { html, nothing, type TemplateResult } from 'lit-html';
import { unsafeHTML } from 'lit-html/directives/unsafe-html.js';
import { backendBoxes, boxes, chosenBackends, numberField, textField } from '../app/choices.ts';
import { Run } from '../app/run.ts';
import { shareBar } from '../app/save.ts';
import type { AppContext, OpenedFile, View } from '../app/view.ts';
import { LinkReader } from '../settings/link.ts';
import { parsePart, type PartName, partText } from '../settings/part.ts';
import { readSpeedSettings, speedLink, type SpeedSettings } from '../settings/speed-settings.ts';
import { drawDocument, type Drawn, Incoming, looksLikeResult, savable } from './results.ts';

/** P values that are offered; a link may bring others. */
const OFFERED: readonly PartName[] = [1, 2, 4, 8, 16, 32, 64, 'channels'];

export class SpeedView implements View {
  readonly id = 'speed';
  readonly title = 'Speed';
  readonly #context: AppContext;
  readonly #run: Run<'speed'>;
  #settings: SpeedSettings | undefined;
  #incoming = new Incoming();
  /** A result from a file, shown in place of what was measured here. */
  #opened: { readonly name: string; readonly drawn: Drawn } | undefined;

  constructor(context: AppContext) {
    this.#context = context;
    this.#run = new Run(context, 'speed');
  }

  get isRunning(): boolean {
    return this.#run.isRunning;
  }

  open(link: LinkReader): void {
    this.#settings = readSpeedSettings(link, this.#context.catalogue);
  }

  link(): string {
    return this.#settings === undefined ? '' : speedLink(this.#settings);
  }

  take(file: OpenedFile): boolean {
    if (file.type !== 'result') return false;
    if (!looksLikeResult(file.data)) return false;
    this.#opened = { name: file.name, drawn: drawDocument(file.data) };
    this.#settings ??= readSpeedSettings(new LinkReader(''), this.#context.catalogue);
    return true;
  }

  template(): TemplateResult {
    const settings = this.#settings;
    if (settings === undefined) return html``;
    const { backends } = this.#context;
    const hindrance =
      backends === undefined
        ? 'Looking for backends.'
        : chosenBackends(settings.backends, backends).length === 0
          ? 'None of the chosen backends runs here.'
          : undefined;
    return html`
      <h1 tabindex="-1">Is it faster here?</h1>
      <p class="lead">
        A network with HetConvs beside its standard twin: same backend, same images, same rounds. The orange mark is
        what the count of multiplications promises, the bar is what was measured.
      </p>
      <form class="settings" @submit=${(event: Event) => event.preventDefault()}>${this.#fields(settings)}</form>
      ${this.#run.panel('Measure', () => void this.#start(settings), hindrance)}
      <section class="results" aria-label="Results">${this.#shown()}</section>
    `;
  }

  #fields(settings: SpeedSettings): TemplateResult {
    const { catalogue, backends } = this.#context;
    const set = (change: Partial<SpeedSettings>): void => {
      this.#settings = { ...settings, ...change };
      this.#context.update();
    };
    const offered = [...new Set([...OFFERED, ...settings.parts])];
    return html`
      ${boxes(
        'Networks',
        catalogue.models.map(({ name, title }) => ({ value: name, label: title })),
        settings.models,
        (models) => set({ models }),
      )}
      <div class="stack">
        ${boxes(
          'P',
          offered.map((part) => ({ value: partText(part), label: partText(part) })),
          settings.parts.map(partText),
          (parts) => set({ parts: parts.map(parsePart).filter((part) => part !== undefined) }),
        )}
        ${boxes<ConvKind>(
          'Kinds of convolution',
          catalogue.kinds.map(({ name }) => ({ value: name, label: name })),
          settings.kinds,
          (kinds) => set({ kinds }),
        )}
      </div>
      ${backendBoxes(backends, settings.backends, (chosen) => set({ backends: chosen }))}
      <fieldset class="more">
        <legend>How</legend>
        ${numberField('Blocks', settings.blocks, [2, 50], (blocks) => set({ blocks }))}
        ${numberField('Seconds a row', settings.seconds, [1, 600], (seconds) => set({ seconds }))}
        ${textField('Seed', settings.seed, (seed) => set({ seed }))}
        <label class="box">
          <input type="checkbox" .checked=${settings.folded} @change=${() => set({ folded: !settings.folded })} />
          <span>folded for inference</span>
        </label>
        <label class="box">
          <input type="checkbox" .checked=${settings.perLayer} @change=${() => set({ perLayer: !settings.perLayer })} />
          <span>each distinct layer, too</span>
        </label>
      </fieldset>
    `;
  }

  #shown(): TemplateResult {
    const shown = this.#opened === undefined ? this.#incoming.drawn : [this.#opened.drawn];
    if (shown.length === 0) {
      return html`${shareBar(this.#context)}
        <p class="empty">Nothing measured yet. The bars appear here, one backend after the other.</p>`;
    }
    return html`
      ${shareBar(this.#context)}
      ${this.#opened === undefined ? nothing : html`<p class="source">From the file ${this.#opened.name}.</p>`}
      ${shown.map(
        (drawn) =>
          html`<article class="report">
            <h2>${drawn.title}</h2>
            ${shareBar(this.#context, savable(drawn))} ${unsafeHTML(drawn.body)}
          </article>`,
      )}
    `;
  }

  async #start(settings: SpeedSettings): Promise<void> {
    const { models, kinds, parts, seed, folded, perLayer, blocks, seconds } = settings;
    const backends = chosenBackends(settings.backends, this.#context.backends);
    const incoming = new Incoming();
    this.#incoming = incoming;
    this.#opened = undefined;
    await this.#run.start(
      { models, kinds, parts, backends, seed, folded, perLayer, blocks, budgetMs: 1000 * seconds },
      (event) => incoming.hear(event),
    );
  }
}
