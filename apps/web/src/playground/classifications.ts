/** What the backends make of a picture, side by side, and whether they agree. */
import { figure } from '@hetconv/report';
import { html, nothing, type TemplateResult } from 'lit-html';
import type { BackendInfo, Classification, Classified } from '../worker/protocol.ts';

const TOP = 3;

export function classificationCards(
  classifications: readonly Classification[],
  classified: Classified | undefined,
  backends: readonly BackendInfo[],
): TemplateResult {
  return html`<div class="cards">
    ${classifications.map((one, i) => {
      const isSoftware = backends.find(({ name }) => name === one.backend)?.isSoftware ?? false;
      return card(one, classified?.classes ?? null, { isSoftware, isReference: i === 0 });
    })}
  </div>`;
}

function card(
  { backend, probabilities, medianMs, firstRunMs, difference }: Classification,
  classes: readonly string[] | null,
  { isSoftware, isReference }: { readonly isSoftware: boolean; readonly isReference: boolean },
): TemplateResult {
  return html`<article class="card">
    <h2>${backend}${isSoftware ? html` <small>software rasteriser</small>` : nothing}</h2>
    <p class="time"><strong>${figure(medianMs)}</strong> ms <small>first run ${figure(firstRunMs)} ms</small></p>
    <ol class="classes">
      ${best(probabilities).map(
        ({ index, probability }) =>
          html`<li style=${`--share: ${probability.toFixed(4)}`}>
            <span>${classes?.[index] ?? `class ${index}`}</span> <span>${(100 * probability).toFixed(1)} %</span>
          </li>`,
      )}
    </ol>
    <p class="difference">
      <small>${isReference ? 'the others are compared with it' : `differs by ${difference.toExponential(1)}`}</small>
    </p>
  </article>`;
}

/** In a sentence: whether all name the same class, and how far apart they are. */
export function agreement(classifications: readonly Classification[], tolerance: number): TemplateResult {
  if (classifications.length < 2) return html`<p class="agreement">One backend: nothing to compare with.</p>`;
  const worst = classifications.reduce((a, b) => (b.difference > a.difference ? b : a));
  const isSame = new Set(classifications.map(({ probabilities }) => best(probabilities)[0].index)).size === 1;
  const agree = isSame && worst.difference <= tolerance;
  const size = `${worst.difference.toExponential(1)} of the largest output (rounding is up to ${tolerance})`;
  return agree
    ? html`<p class="agreement">All ${classifications.length} backends agree; the largest difference is ${size}.</p>`
    : html`<p class="agreement loss">The backends disagree: ${worst.backend} differs by ${size}.</p>`;
}

function best(probabilities: readonly number[]): { readonly index: number; readonly probability: number }[] {
  return probabilities
    .map((probability, index) => ({ index, probability }))
    .toSorted((a, b) => b.probability - a.probability)
    .slice(0, TOP);
}
