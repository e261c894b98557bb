/** Taking a result away: its link, its JSON, its report. */
import { page } from '@hetconv/report';
import { html, nothing, type TemplateResult } from 'lit-html';
import type { AppContext } from './view.ts';

export interface Savable {
  /** Without extension, e.g. `hetconv-bench`. */
  readonly name: string;
  readonly title: string;
  /** The document that the command writes with `--json`. */
  readonly json: unknown;
  /** The body of the command's HTML report, where there is one. */
  readonly body?: string;
}

/** @param results what can be saved; none where nothing has been measured yet */
export function shareBar(context: AppContext, results: readonly Savable[]): TemplateResult {
  return html`<div class="share">
    <button type="button" @click=${() => void copyLink(context)}>Copy the link to these settings</button>
    ${results.map(
      (result) => html`
        <button type="button" @click=${() => saveJson(result)}>Download ${result.name}.json</button>
        ${result.body === undefined ? nothing : reportButton(result.name, page(result.title, result.body))}
      `,
    )}
  </div>`;
}

function reportButton(name: string, content: string): TemplateResult {
  return html`<button type="button" @click=${() => save(`${name}.html`, 'text/html', content)}>
    Download ${name}.html
  </button>`;
}

function saveJson({ name, json }: Savable): void {
  save(`${name}.json`, 'application/json', `${JSON.stringify(json, null, 2)}\n`);
}

function save(name: string, type: string, content: string): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The download has begun by then in every engine.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** The address bar holds the same link, for browsers that refuse the clipboard. */
async function copyLink(context: AppContext): Promise<void> {
  try {
    await navigator.clipboard.writeText(location.href);
    context.tell('Link copied.');
  } catch {
    context.tell('The browser refuses the clipboard; the link stands in the address bar.');
  }
}
