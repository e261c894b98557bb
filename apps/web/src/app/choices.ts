/** Form parts that several views use: groups of boxes, numbers, and the backends of this browser. */
import { html, nothing, type TemplateResult } from 'lit-html';
import { live } from 'lit-html/directives/live.js';
import type { BackendName } from '../backend-names.ts';
import { BACKEND_NAMES } from '../backend-names.ts';
import type { BackendInfo, Facts } from '../worker/protocol.ts';
import { keptWhileTyping } from './kept-while-typing.ts';

export interface Option<T extends string> {
  readonly value: T;
  readonly label: string;
}

/** A list of boxes of which one at least stays checked. */
export function boxes<T extends string>(
  legend: string,
  options: readonly Option<T>[],
  checked: readonly T[],
  onChange: (checked: readonly T[]) => void,
): TemplateResult {
  const toggle = (value: T) => (): void => {
    const next = options.map((option) => option.value).filter((one) => (one === value) !== checked.includes(one));
    onChange(next.length > 0 ? next : checked);
  };
  return html`<fieldset>
    <legend>${legend}</legend>
    <div class="boxes">
      ${options.map(
        ({ value, label }) =>
          html`<label class="box">
            <input type="checkbox" .checked=${live(checked.includes(value))} @change=${toggle(value)} /><span
              >${label}</span
            >
          </label>`,
      )}
    </div>
  </fieldset>`;
}

export function numberField(
  label: string,
  value: number,
  [least, most]: readonly [number, number],
  onChange: (value: number) => void,
): TemplateResult {
  const change = ({ target }: Event): void => {
    const input = target as HTMLInputElement;
    if (input.value !== '' && input.reportValidity()) onChange(input.valueAsNumber);
  };
  return html`<label class="field"
    ><span>${label}</span>
    <input
      type="number"
      inputmode="numeric"
      step="1"
      min=${least}
      max=${most}
      .value=${keptWhileTyping(String(value))}
      @change=${change}
    />
  </label>`;
}

export function textField(label: string, value: string, onChange: (value: string) => void): TemplateResult {
  return html`<label class="field"
    ><span>${label}</span>
    <input
      type="text"
      .value=${keptWhileTyping(value)}
      @change=${(event: Event) => onChange((event.target as HTMLInputElement).value)}
    />
  </label>`;
}

export function selectField<T extends string>(
  label: string,
  options: readonly Option<T>[],
  value: T,
  onChange: (value: T) => void,
): TemplateResult {
  const change = ({ target }: Event): void => onChange((target as HTMLSelectElement).value as T);
  return html`<label class="field"
    ><span>${label}</span>
    <select @change=${change}>
      ${options.map((option) => html`<option value=${option.value} .selected=${live(option.value === value)}>${option.label}</option>`)}
    </select>
  </label>`;
}

export type BackendChoice = readonly BackendName[] | 'all';

/** The chosen ones that run here. */
export function chosenBackends(choice: BackendChoice, backends: readonly BackendInfo[] = []): string[] {
  return backends
    .filter(({ name, available }) => available && (choice === 'all' || choice.some((one) => one === name)))
    .map(({ name }) => name);
}

/** Why nothing can start yet, if so. */
export function hindranceOf(choice: BackendChoice, backends: readonly BackendInfo[] | undefined): string | undefined {
  if (backends === undefined) return 'Looking for backends.';
  return chosenBackends(choice, backends).length === 0 ? 'None of the chosen backends runs here.' : undefined;
}

/** Every backend, the ones that do not run here with the reason. */
export function backendBoxes(
  backends: readonly BackendInfo[] | undefined,
  choice: BackendChoice,
  onChange: (choice: BackendChoice) => void,
): TemplateResult {
  const chosen = chosenBackends(choice, backends);
  const available = (backends ?? []).filter((backend) => backend.available).map(({ name }) => name);
  const toggle = (name: string): void => {
    const next = BACKEND_NAMES.filter((one) => (one === name) !== chosen.includes(one));
    if (next.length > 0) onChange(available.every((one) => next.some((other) => other === one)) ? 'all' : next);
    else onChange(choice);
  };
  return html`<fieldset class="backends" aria-busy=${backends === undefined}>
    <legend>Backends</legend>
    ${BACKEND_NAMES.map((name) => {
      const info = backends?.find((backend) => backend.name === name);
      return html`<label class="box backend">
        <input
          type="checkbox"
          ?disabled=${info?.available !== true}
          .checked=${live(chosen.includes(name))}
          @change=${() => toggle(name)}
        />
        <span>${name} <small>${info === undefined ? 'looking for it …' : aboutBackend(info)}</small></span>
      </label>`;
    })}
  </fieldset>`;
}

function aboutBackend({ available, reason, isSoftware, facts }: BackendInfo): TemplateResult {
  if (!available) return html`not available: ${reason}`;
  return html`${isSoftware ? html`<em>software rasteriser, no GPU</em> ` : nothing}${aboutFacts(facts)}`;
}

/** What a person wants to know before choosing; the rest stands in the results. */
function aboutFacts({ instructionSet, threads, renderer, adapter }: Facts): string {
  const device = renderer ?? adapter;
  if (device !== undefined) return String(device);
  if (instructionSet === undefined) return 'plain JavaScript';
  return `${instructionSet}, ${threads} ${threads === 1 ? 'thread' : 'threads'}`;
}
