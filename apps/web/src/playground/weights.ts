/** Which weights the network of the playground has: chosen, and said. */
import { describeTraining, findTrained, type TrainedNetwork } from '@hetconv/weights';
import { html, nothing, type TemplateResult } from 'lit-html';
import { selectField, textField } from '../app/choices.ts';
import { type PlaygroundSettings, SAMPLES_OF, UNTRAINED, weightsOf } from '../settings/playground-settings.ts';

/** A choice of those that this network has; a seed for untrained ones. */
export function weightsFields(
  settings: PlaygroundSettings,
  set: (change: Partial<PlaygroundSettings>) => void,
): TemplateResult {
  const { model, kind, part } = settings;
  const datasets = findTrained({ model, kind, part }).map(({ dataset }) => dataset);
  const trained = weightsOf(settings);
  const options = [
    ...datasets.map((dataset) => ({ value: dataset, label: `trained on ${dataset}` })),
    { value: UNTRAINED, label: datasets.length === 0 ? 'untrained (no others yet)' : 'untrained' },
  ];
  return html`${selectField('Weights', options, trained?.dataset ?? UNTRAINED, (weights) => set({ weights }))}
  ${trained === undefined ? textField('Seed', settings.seed, (seed) => set({ seed })) : nothing}`;
}

/** In sentences: what the labels are worth. */
export function aboutWeights(trained: TrainedNetwork | undefined): TemplateResult {
  if (trained === undefined) {
    return html`<strong>Untrained weights: this shows that backends agree, not what is in the picture.</strong>`;
  }
  return html`Its weights were trained on ${describeTraining(trained)}. A picture is first brought to the size and
  colours of that set.
  ${trained.dataset === SAMPLES_OF ? nothing : html`<strong>The samples are of another set, ${SAMPLES_OF}.</strong>`}`;
}
