/** The benchmark: networks beside their standard twins on the backends of this browser. */
import type { ConvKind } from '@hetconv/layers';
import { html, type TemplateResult } from 'lit-html';
import { unsafeHTML } from 'lit-html/directives/unsafe-html.js';
import { backendBoxes, boxes, chosenBackends, numberField, textField } from '../app/choices.ts';
import { Run } from '../app/run.ts';
import { shareBar } from '../app/save.ts';
import type { AppContext, OpenedFile, View } from '../app/view.ts';
import { LinkReader } from '../settings/link.ts';
import { parsePart, type PartName, partText } from '../settings/part.ts';
import { readSpeedSettings, speedLink, type SpeedSettings } from '../settings/speed-settings.ts';
import type { SpeedEvent } from '../worker/protocol.ts';
import { type Drawing, drawings, parseResults, savables, type SpeedResults } from './results.ts';

/** P values that are offered; a link may bring others. */
const OFFERED: readonly PartName[] = [1, 2, 4, 8, 16, 32, 64, 'channels'];

export class SpeedView implements View {
  readonly id = 'speed';
  readonly title = 'Speed';
  readonly #context: AppContext;
  readonly #run: Run<'speed'>;
  #settings: SpeedSettings | undefined;
  #results: SpeedResults | undefined;
  #drawings: readonly Drawing[] = [];
  /** The file that the results come from; empty where they were measured here. */
  #source = '';

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
    if (file.type !== 'json') return false;
    const results = parseResults(file.data);
    if (results === undefined) return false;
    this.#settings ??= readSpeedSettings(new LinkReader(''), this.#context.catalogue);
    this.#source = file.name;
    this.#show(results);
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
        A network with HetConvs beside its standard twin: same backend, same images, same rounds. The orange mark is what the count of
        multiplications promises, the bar is what was measured.
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
      ${boxes(
        'P',
        offered.map((part) => ({ value: partText(part), label: partText(part) })),
        settings.parts.map(partText),
        (parts) => set({ parts: parts.map(parsePart).filter((part) => part !== undefined) }),
      )}
      ${backendBoxes(backends, settings.backends, (chosen) => set({ backends: chosen }))}
      ${boxes<ConvKind>(
        'Kinds, each beside the standard convolution',
        catalogue.kinds.map(({ name }) => ({ value: name, label: name })),
        settings.kinds,
        (kinds) => set({ kinds }),
      )}
      <fieldset class="more">
        <legend>How</legend>
        ${numberField('Seconds a row', settings.seconds, [1, 600], (seconds) => set({ seconds }))}
        ${textField('Seed of the weights', settings.seed, (seed) => set({ seed }))}
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
    if (this.#results === undefined) {
      return html`${shareBar(this.#context, [])}
        <p class="empty">Nothing measured yet. The bars appear here, one backend after the other.</p>`;
    }
    return html`
      ${this.#source === '' ? '' : html`<p class="source">From the file ${this.#source}.</p>`}
      ${shareBar(this.#context, savables(this.#results, this.#drawings))}
      ${this.#drawings.map(
        ({ title, body }) => html`<article class="report">
          <h2>${title}</h2>
          ${unsafeHTML(body)}
        </article>`,
      )}
    `;
  }

  #show(results: SpeedResults): void {
    this.#results = results;
    this.#drawings = drawings(results);
  }

  async #start(settings: SpeedSettings): Promise<void> {
    const { models, kinds, parts, seed, folded, perLayer, seconds } = settings;
    const backends = chosenBackends(settings.backends, this.#context.backends);
    this.#results = undefined;
    this.#source = '';
    await this.#run.start(
      { models, kinds, parts, backends, seed, folded, perLayer, budgetMs: 1000 * seconds },
      (event) => this.#hear(event),
    );
  }

  /** Rows of a network replace those that came before: they get surer from block to block. */
  #hear(event: SpeedEvent): void {
    const { environment = {}, models = [], layers = [] } = this.#results ?? {};
    if (event.type === 'environment') this.#show({ environment: event.environment, models, layers });
    if (event.type === 'models') {
      const others = models.filter(({ model }) => model !== event.model);
      this.#show({ environment, models: [...others, ...event.rows], layers });
    }
    if (event.type === 'layers') this.#show({ environment, models, layers: event.rows });
  }
}
