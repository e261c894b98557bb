/** A picture through a network on every chosen backend. */
import type { ConvKind } from '@hetconv/layers';
import { html, nothing, type TemplateResult } from 'lit-html';
import { backendBoxes, chosenBackends, hindranceOf, selectField } from '../app/choices.ts';
import { Run } from '../app/run.ts';
import { shareBar } from '../app/save.ts';
import type { AppContext, OpenedFile, View } from '../app/view.ts';
import { LinkReader } from '../settings/link.ts';
import { parsePart, type PartName, partText } from '../settings/part.ts';
import {
  playgroundLink,
  type PlaygroundSettings,
  readPlaygroundSettings,
  weightsOf,
} from '../settings/playground-settings.ts';
import type { Classification, Classified, Sample } from '../worker/protocol.ts';
import { agreement, classificationCards } from './classifications.ts';
import { pictureUrl, readPicture } from './read-picture.ts';
import { aboutWeights, weightsFields } from './weights.ts';

const OFFERED: readonly PartName[] = [1, 2, 4, 8, 16, 32, 64, 'channels'];
const SAMPLES = 10;

export class PlaygroundView implements View {
  readonly id = 'playground';
  readonly title = 'Playground';
  readonly #context: AppContext;
  readonly #run: Run<'classify'>;
  #settings: PlaygroundSettings | undefined;
  #samples: readonly Sample[] | undefined;
  #picture: Sample | undefined;
  #classifications: readonly Classification[] = [];
  #classified: Classified | undefined;

  constructor(context: AppContext) {
    this.#context = context;
    this.#run = new Run(context, 'classify');
  }

  get isRunning(): boolean {
    return this.#run.isRunning;
  }

  open(link: LinkReader): void {
    this.#settings = readPlaygroundSettings(link, this.#context.catalogue);
    if (this.#samples === undefined) void this.#loadSamples();
  }

  link(): string {
    return this.#settings === undefined ? '' : playgroundLink(this.#settings);
  }

  take(file: OpenedFile): boolean {
    if (file.type !== 'picture') return false;
    if (this.#settings === undefined) this.open(new LinkReader(''));
    void this.#takePicture(file.name, file.data);
    return true;
  }

  template(): TemplateResult {
    const settings = this.#settings;
    if (settings === undefined) return html``;
    const { backends } = this.#context;
    const hindrance =
      hindranceOf(settings.backends, backends) ?? (this.#picture === undefined ? 'Choose a picture first.' : undefined);
    return html`
      <h1 tabindex="-1">One picture, every backend</h1>
      <div class="lead">
        <p>The same network with the same weights looks at a picture on each backend.</p>
        ${aboutWeights(settings)}
      </div>
      ${this.#pictures()}
      <form class="settings" @submit=${(event: Event) => event.preventDefault()}>${this.#fields(settings)}</form>
      ${this.#run.panel('Classify', () => void this.#classify(), hindrance)}
      <section class="results" aria-label="Results">${this.#shown()}</section>
    `;
  }

  #pictures(): TemplateResult {
    return html`<div class="pictures">
      <div class="chosen-picture">
        ${
          this.#picture === undefined
            ? html`<p>Drop or paste a picture</p>`
            : html`<img src=${pictureUrl(this.#picture.picture)} alt=${`The picture: ${this.#picture.name}`} />`
        }
      </div>
      <div class="sources">
        <label class="file">
          Choose a picture
          <input type="file" accept="image/*" @change=${this.#onFile} />
        </label>
        <div class="samples" role="group" aria-label="Fashion-MNIST samples">
          ${
            this.#samples === undefined
              ? html`<p>Loading the samples …</p>`
              : this.#samples.map((sample) => this.#sampleButton(sample))
          }
        </div>
        <p class="credit"><small>Samples: test images of Fashion-MNIST, Zalando SE, MIT licence.</small></p>
      </div>
    </div>`;
  }

  #sampleButton(sample: Sample): TemplateResult {
    const choose = (): void => {
      this.#choose(sample);
      void this.#classify();
    };
    return html`<button
      type="button"
      class="sample"
      aria-pressed=${this.#picture === sample ? 'true' : 'false'}
      @click=${choose}
    >
      <img src=${pictureUrl(sample.picture)} alt="" width="56" height="56" />
      <span>${sample.name}</span>
    </button>`;
  }

  #fields(settings: PlaygroundSettings): TemplateResult {
    const { catalogue, backends } = this.#context;
    const set = (change: Partial<PlaygroundSettings>): void => {
      this.#settings = { ...settings, ...change };
      this.#context.update();
    };
    const kinds: readonly ConvKind[] = ['standard', ...catalogue.kinds.map(({ name }) => name)];
    const parts = [...new Set([...OFFERED, settings.part])].map(partText);
    return html`
      <fieldset class="more">
        <legend>Network</legend>
        ${selectField(
          'Architecture',
          catalogue.models.map(({ name, title }) => ({ value: name, label: title })),
          settings.model,
          (model) => set({ model }),
        )}
        ${selectField(
          'Kind',
          kinds.map((kind) => ({ value: kind, label: kind })),
          settings.kind,
          (kind) => set({ kind }),
        )}
        ${selectField(
          'P',
          parts.map((part) => ({ value: part, label: part })),
          partText(settings.part),
          (part) => set({ part: parsePart(part) ?? settings.part }),
        )}
        ${weightsFields(settings, set)}
      </fieldset>
      ${backendBoxes(backends, settings.backends, (chosen) => set({ backends: chosen }))}
    `;
  }

  #shown(): TemplateResult {
    if (this.#classifications.length === 0) {
      return html`${shareBar(this.#context)}
        <p class="empty">Nothing classified yet. Each backend's answer appears here.</p>`;
    }
    return html`
      ${shareBar(this.#context)}
      ${
        this.#classified === undefined
          ? nothing
          : html`${agreement(this.#classifications, this.#classified.tolerance)}
              <p class="weights">Weights: ${this.#classified.weights}.</p>`
      }
      ${classificationCards(this.#classifications, this.#classified, this.#context.backends ?? [])}
    `;
  }

  readonly #onFile = (event: Event): void => {
    const input = event.target as HTMLInputElement;
    const [file] = input.files ?? [];
    if (file !== undefined) void this.#takePicture(file.name, file).then(() => (input.value = ''));
  };

  async #loadSamples(): Promise<void> {
    try {
      this.#samples = await this.#context.engine.run('samples', { count: SAMPLES });
    } catch (error) {
      this.#context.tell(error instanceof Error ? error.message : String(error));
    }
    this.#context.update();
  }

  async #takePicture(name: string, data: Blob): Promise<void> {
    try {
      this.#choose({ name, picture: await readPicture(data) });
      await this.#classify();
    } catch (error) {
      this.#context.tell(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  #choose(picture: Sample): void {
    this.#picture = picture;
    this.#classifications = [];
    this.#classified = undefined;
    this.#context.update();
  }

  async #classify(): Promise<void> {
    await this.#context.found;
    const [settings, chosen] = [this.#settings, this.#picture];
    if (settings === undefined || chosen === undefined || this.#context.isRunning) return;
    const { model, kind, part, seed } = settings;
    const backends = chosenBackends(settings.backends, this.#context.backends);
    if (backends.length === 0) return;
    this.#classifications = [];
    this.#classified = undefined;
    this.#classified = await this.#run.start(
      { model, kind, part, trained: weightsOf(settings)?.id ?? null, backends, seed, picture: chosen.picture },
      (event) => {
        if (event.type === 'classified') this.#classifications = [...this.#classifications, event.classification];
      },
    );
    this.#context.update();
  }
}
