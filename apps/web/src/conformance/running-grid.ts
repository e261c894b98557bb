/** What the suite has come to while it runs: families by backends. */
import type { Family } from '@hetconv/conformance';
import { html, type TemplateResult } from 'lit-html';
import type { ConformanceEvent } from '../worker/protocol.ts';

/**
 * @param backends in the order in which they run
 * @param progress the last event of each backend that has begun
 */
export function runningGrid(
  families: readonly Family[],
  backends: readonly string[],
  progress: ReadonlyMap<string, ConformanceEvent>,
): TemplateResult {
  return html`<div class="matrix running-grid" tabindex="0" role="region" aria-label="Progress by family and backend">
    <table>
      <thead>
        <tr>
          <th scope="col">family</th>
          ${backends.map((backend) => html`<th scope="col">${backend}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${families.map(
          (family) =>
            html`<tr>
              <th scope="row">${family}</th>
              ${backends.map((backend) => cell(stateOf(family, families, progress.get(backend))))}
            </tr>`,
        )}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">cases</th>
          ${backends.map((backend) => html`<td>${casesOf(progress.get(backend))}</td>`)}
        </tr>
      </tfoot>
    </table>
  </div>`;
}

type State = 'waiting' | 'running' | 'run';

function cell(state: State): TemplateResult {
  return html`<td class=${`is-${state}`}>${state}</td>`;
}

/** Families run in their order; one without a case is passed over. */
function stateOf(family: Family, families: readonly Family[], event: ConformanceEvent | undefined): State {
  if (event === undefined) return 'waiting';
  if (event.loaded === event.total) return 'run';
  const [own, current] = [families.indexOf(family), families.indexOf(event.family)];
  return own < current ? 'run' : own === current ? 'running' : 'waiting';
}

function casesOf(event: ConformanceEvent | undefined): string {
  if (event === undefined) return '–';
  const failed = event.failed > 0 ? `, ${event.failed} failed` : '';
  return `${event.loaded} of ${event.total}${failed}`;
}
