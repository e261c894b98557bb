/** Which weights the network of the playground has: chosen, and said. */
import type { ConvKind } from '@hetconv/layers';
import { describeTraining, findTrained, nameTrained, TRAINED } from '@hetconv/weights';
import { html, nothing, type TemplateResult } from 'lit-html';
import { selectField, textField } from '../app/choices.ts';
import {
  playgroundLink,
  type PlaygroundSettings,
  SAMPLES_OF,
  UNTRAINED,
  weightsOf,
} from '../settings/playground-settings.ts';

/** A choice of those that this network has; a seed for untrained ones. */
export function weightsFields(
  settings: PlaygroundSettings,
  set: (change: Partial<PlaygroundSettings>) => void,
): TemplateResult {
  const { model, kind, part } = settings;
  const names = [...findTrained({ model, kind, part }).map(({ dataset }) => dataset), UNTRAINED];
  const options = names.map((name) => ({ value: name, label: name }));
  const trained = weightsOf(settings);
  return html`${selectField('Weights', options, trained?.dataset ?? UNTRAINED, (weights) => set({ weights }))}
  ${trained === undefined ? textField('Seed', settings.seed, (seed) => set({ seed })) : nothing}`;
}

/** In sentences: what the labels are worth, and where there are better ones. */
export function aboutWeights(settings: PlaygroundSettings): TemplateResult {
  const trained = weightsOf(settings);
  if (trained === undefined) {
    const links = TRAINED.map((network) => {
      const { model, kind, part, dataset } = network;
      const choice = { model, kind: kind as ConvKind, ...(part !== 'none' && { part }), weights: dataset };
      return html`<li>
        <a href=${`#playground?${playgroundLink({ ...settings, ...choice })}`}>${nameTrained(network)}</a>
      </li>`;
    });
    return html`<p>
        <strong>Untrained weights: this shows that backends agree, not what is in the picture.</strong>
      </p>
      <details>
        <summary>Networks with trained weights</summary>
        <ul>
          ${links}
        </ul>
      </details>`;
  }
  const isOther = trained.dataset !== SAMPLES_OF;
  return html`<p>
    Its weights were trained on ${describeTraining(trained)}. A picture is first brought to the size and colours of that
    set. ${isOther ? html`<strong>The samples are of another set, ${SAMPLES_OF}.</strong>` : nothing}
  </p>`;
}
