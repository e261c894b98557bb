/** The conformance suite: a cell a family and backend while it runs, then the report. */
import type { ConformanceReport, Family } from '@hetconv/conformance';
import { conformanceSection, conformanceTitle } from '@hetconv/report';
import { html, nothing, type TemplateResult } from 'lit-html';
import { unsafeHTML } from 'lit-html/directives/unsafe-html.js';
import { backendBoxes, boxes, chosenBackends, numberField } from '../app/choices.ts';
import { Run } from '../app/run.ts';
import { type Savable, shareBar } from '../app/save.ts';
import type { AppContext, OpenedFile, View } from '../app/view.ts';
import {
  conformanceLink,
  type ConformanceSettings,
  readConformanceSettings,
} from '../settings/conformance-settings.ts';
import { LinkReader } from '../settings/link.ts';
import type { ConformanceEvent } from '../worker/protocol.ts';
import { isReport } from './is-report.ts';
import { runningGrid } from './running-grid.ts';

export class ConformanceView implements View {
  readonly id = 'conformance';
  readonly title = 'Conformance';
  readonly #context: AppContext;
  readonly #run: Run<'conformance'>;
  #settings: ConformanceSettings | undefined;
  /** The last that each backend has told. */
  readonly #progress = new Map<string, ConformanceEvent>();
  #drawn: Savable | undefined;
  /** The file that the report comes from; empty where it was made here. */
  #source = '';

  constructor(context: AppContext) {
    this.#context = context;
    this.#run = new Run(context, 'conformance');
  }

  get isRunning(): boolean {
    return this.#run.isRunning;
  }

  open(link: LinkReader): void {
    this.#settings = readConformanceSettings(link, this.#context.catalogue);
  }

  link(): string {
    return this.#settings === undefined ? '' : conformanceLink(this.#settings);
  }

  take(file: OpenedFile): boolean {
    if (file.type !== 'result') return false;
    if (!isReport(file.data)) return false;
    this.#settings ??= readConformanceSettings(new LinkReader(''), this.#context.catalogue);
    this.#source = file.name;
    this.#drawn = drawReport(file.data);
    return true;
  }

  template(): TemplateResult {
    const settings = this.#settings;
    if (settings === undefined) return html``;
    const { backends } = this.#context;
    const chosen = chosenBackends(settings.backends, backends);
    const hindrance =
      backends === undefined
        ? 'Looking for backends.'
        : chosen.length === 0
          ? 'None of the chosen backends runs here.'
          : undefined;
    return html`
      <h1 tabindex="-1">Is it right here?</h1>
      <p class="lead">
        Every case is computed on the backend and compared with a float64 reference; small integers have to be exactly
        equal, other values within a derived bound. r is the worst error found, in units of 2⁻²⁴ Σ|x·w|.
      </p>
      <form class="settings" @submit=${(event: Event) => event.preventDefault()}>${this.#fields(settings)}</form>
      ${this.#run.panel('Check', () => void this.#start(settings, chosen), hindrance)}
      <section class="results" aria-label="Results">${this.#shown(settings, chosen)}</section>
    `;
  }

  #fields(settings: ConformanceSettings): TemplateResult {
    const { catalogue, backends } = this.#context;
    const set = (change: Partial<ConformanceSettings>): void => {
      this.#settings = { ...settings, ...change };
      this.#context.update();
    };
    const all = catalogue.families;
    return html`
      ${backendBoxes(backends, settings.backends, (chosen) => set({ backends: chosen }))}
      ${boxes<Family>(
        'Families of cases',
        all.map((family) => ({ value: family, label: family })),
        settings.families === 'all' ? all : settings.families,
        (families) => set({ families: families.length === all.length ? 'all' : families }),
      )}
      <fieldset class="more">
        <legend>How</legend>
        ${numberField('Seed', settings.seed, [1, 2 ** 31 - 1], (seed) => set({ seed }))}
      </fieldset>
    `;
  }

  #shown(settings: ConformanceSettings, backends: readonly string[]): TemplateResult {
    if (this.#drawn !== undefined) {
      return html`${shareBar(this.#context)}
        ${this.#source === '' ? nothing : html`<p class="source">From the file ${this.#source}.</p>`}
        ${shareBar(this.#context, this.#drawn)}
        <article class="report">${unsafeHTML(this.#drawn.body)}</article>`;
    }
    const families = settings.families === 'all' ? this.#context.catalogue.families : settings.families;
    return html`${shareBar(this.#context)} ${runningGrid(families, backends, this.#progress)}`;
  }

  async #start({ families, seed }: ConformanceSettings, backends: readonly string[]): Promise<void> {
    this.#drawn = undefined;
    this.#source = '';
    this.#progress.clear();
    const report = await this.#run.start(
      // The whole suite also demands that every variant has run; a list of all families would be a selection.
      { backends, families: families === 'all' ? undefined : families, seed },
      (event) => this.#progress.set(event.backend, event),
    );
    if (report !== undefined) this.#drawn = drawReport(report);
    this.#context.update();
  }
}

/** As `hetconv conformance` writes it. */
function drawReport(report: ConformanceReport): Savable {
  return {
    name: 'conformance',
    title: conformanceTitle(report),
    json: report,
    body: conformanceSection(report),
  };
}
