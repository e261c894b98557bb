/** Taking a result away: its link, its JSON, its report. */
import { page } from '@hetconv/report';
import { html, type TemplateResult } from 'lit-html';
import type { AppContext } from './view.ts';

export interface Savable {
  /** Without extension, e.g. `hetconv-bench`. */
  readonly name: string;
  readonly title: string;
  /** The document that the command writes with `--json`. */
  readonly json: unknown;
  /** The body of the command's HTML report. */
  readonly body: string;
}

/** @param result what can be saved; without one it is the link that is shared */
export function shareBar(context: AppContext, result?: Savable): TemplateResult {
  if (result === undefined) {
    return html`<div class="share">
      <button type="button" @click=${() => void copyLink(context)}>Copy the link to these settings</button>
    </div>`;
  }
  const { name, title, json, body } = result;
  const document = (): string => `${JSON.stringify(json, null, 2)}\n`;
  return html`<div class="share">
    <button type="button" @click=${() => save(`${name}.json`, 'application/json', document())}>
      Download ${name}.json
    </button>
    <button type="button" @click=${() => save(`${name}.html`, 'text/html', page(title, body))}>
      Download ${name}.html
    </button>
  </div>`;
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
