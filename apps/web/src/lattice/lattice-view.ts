/** The idea in a picture: which filter holds KxK on which channel, for any layer. */
import { html, type TemplateResult } from 'lit-html';
import { numberField } from '../app/choices.ts';
import type { AppContext, View } from '../app/view.ts';
import type { LinkReader } from '../settings/link.ts';
import {
  LATTICE_LIMITS,
  latticeLink,
  type LatticeSettings,
  readLatticeSettings,
  within,
} from '../settings/lattice-settings.ts';
import { filterKernels, latticeCounts } from './lattice.ts';
import { drawn, latticePicture } from './picture.ts';

const LABELS: Readonly<Record<keyof LatticeSettings, string>> = {
  inChannels: 'Channels M',
  filters: 'Filters N',
  part: 'Part P',
  kernel: 'Kernel K',
  side: 'Output side',
  filter: 'Filter n',
};

export class LatticeView implements View {
  readonly id = 'idea';
  readonly title = 'Idea';
  readonly isRunning = false;
  readonly #context: AppContext;
  #settings: LatticeSettings | undefined;

  constructor(context: AppContext) {
    this.#context = context;
  }

  open(link: LinkReader): void {
    this.#settings = readLatticeSettings(link);
  }

  link(): string {
    return this.#settings === undefined ? '' : latticeLink(this.#settings);
  }

  template(): TemplateResult {
    const settings = this.#settings;
    if (settings === undefined) return html``;
    const { inChannels, filters, part, kernel } = settings;
    const size = `${kernel}×${kernel}`;
    return html`
      <h1 tabindex="-1">Which filter holds ${size} on which channel</h1>
      <p class="lead">
        In a standard convolution every filter holds a ${size} kernel on each of the ${inChannels} input channels. In a
        HetConv, filter n keeps it only where m ≡ n (mod ${part}), on every ${ordinal(part)} channel, and holds 1×1
        kernels on the others, so that ${part} neighbouring filters together still look at every channel through
        ${size}.
      </p>
      <form class="fields" @submit=${(event: Event) => event.preventDefault()}>
        ${(Object.keys(LABELS) as (keyof LatticeSettings)[]).map((key) => this.#field(settings, key))}
      </form>
      <div class="lattice-and-counts">
        ${this.#figure(settings)}
        <div>${counts(settings)} ${words(settings, filters)}</div>
      </div>
    `;
  }

  #field(settings: LatticeSettings, key: keyof LatticeSettings): TemplateResult {
    const [least, most] = LATTICE_LIMITS[key];
    const bound = key === 'part' ? settings.inChannels : key === 'filter' ? settings.filters - 1 : most;
    return numberField(LABELS[key], settings[key], [least, Math.min(most, bound)], (value) => {
      this.#settings = within({ ...settings, [key]: value });
      this.#context.update();
    });
  }

  #figure(settings: LatticeSettings): TemplateResult {
    const { inChannels, filters, part, kernel } = settings;
    const shown = drawn(settings);
    const isWhole = shown.channels === inChannels && shown.filters === filters;
    const label = `${shown.filters} filters by ${shown.channels} channels; a ${kernel} by ${kernel} kernel where channel and filter agree modulo ${part}, 1 by 1 elsewhere`;
    return html`<figure>
      <p class="axis">input channel m →</p>
      <p class="axis down">filter n →</p>
      ${latticePicture(settings, label)}
      <figcaption>
        ${isWhole ? 'The whole layer.' : `The first ${shown.filters} filters and ${shown.channels} channels of ${filters} and ${inChannels}; the pattern repeats every ${part}.`}
        <span class="key spatial">${kernel}×${kernel}</span> <span class="key pointwise">1×1</span>
      </figcaption>
    </figure>`;
  }
}

function countRow(name: string, hetConv: number, standard: number): TemplateResult {
  return html`<tr>
    <th scope="row">${name}</th>
    <td>${whole(hetConv)}</td>
    <td>${whole(standard)}</td>
  </tr>`;
}

function counts(settings: LatticeSettings): TemplateResult {
  const { macs, standardMacs, parameters, standardParameters, ratio, kernels, spatialKernels } =
    latticeCounts(settings);
  const { kernel } = settings;
  return html`
    <p class="ratio"><strong>${ratio.toFixed(2)}×</strong> fewer multiplications and weights</p>
    <div class="scroll" tabindex="0" role="region" aria-label="Counts">
      <table class="counts">
        <thead>
          <tr>
            <th scope="col">of one image</th>
            <th scope="col">HetConv</th>
            <th scope="col">standard</th>
          </tr>
        </thead>
        <tbody>
          ${countRow('multiply-adds', macs, standardMacs)} ${countRow('weights', parameters, standardParameters)}
          ${countRow(`${kernel}×${kernel} kernels`, spatialKernels, kernels)}
          ${countRow('1×1 kernels', kernels - spatialKernels, 0)}
        </tbody>
      </table>
    </div>
  `;
}

/** What one filter holds, for those who do not see the picture or whose filter is beyond it. */
function words(settings: LatticeSettings, filters: number): TemplateResult {
  const { listed, spatial, pointwise } = filterKernels(settings);
  const { filter, kernel } = settings;
  const more = spatial > listed.length ? ', …' : '';
  return html`<p class="words">
    Filter ${filter} of 0 to ${filters - 1} holds ${kernel}×${kernel} on
    ${plural(spatial, 'channel')}${spatial > 0 ? ` (${listed.join(', ')}${more})` : ''} and 1×1 on
    ${plural(pointwise, 'channel')}.
  </p>`;
}

function plural(count: number, noun: string): string {
  return `${whole(count)} ${noun}${count === 1 ? '' : 's'}`;
}

function ordinal(n: number): string {
  if (n === 1) return 'single';
  const tens = n % 100;
  const ending = tens > 10 && tens < 14 ? 'th' : ({ 1: 'st', 2: 'nd', 3: 'rd' }[n % 10] ?? 'th');
  return `${n}${ending}`;
}

/** 1,234,567 in every language: figures are to be compared with those of the documents. */
function whole(value: number): string {
  return value.toLocaleString('en-US');
}
