/** A static HTML page: no outside resource, nothing that runs, light and dark, wide and narrow. */

/** The look of reports, shared by the static file and the page. */
export const styles: string = `  :root { color-scheme: light dark; --ink: #1d2733; --soft: #5a6672; --line: #d9dee4; --paper: #fff; --loss: #c0392b; --gain: #1f7a4d; --plot-background: transparent; }
  @media (prefers-color-scheme: dark) { :root { --ink: #e6e9ed; --soft: #9aa5b1; --line: #333c46; --paper: #14181d; --loss: #ff7b6b; --gain: #5fcf98; } }
  body { margin: 2rem auto; padding: 0 1rem; max-width: 64rem; font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
  h1 { font-size: 1.6rem; line-height: 1.25; } h2 { font-size: 1.15rem; margin-top: 2.2rem; }
  p, dd, dt { color: var(--soft); } strong { color: var(--ink); }
  .summary { list-style: none; margin: 1rem 0; padding: 0; } .summary li { padding: 0.15rem 0 0.15rem 0.8rem; margin: 0.2rem 0; border-left: 4px solid var(--line); overflow-wrap: anywhere; }
  .summary li.loss { border-color: var(--loss); }
  .scroll { overflow-x: auto; }
  table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: 0.9rem; }
  th, td { padding: 0.3rem 0.7rem; text-align: right; border-bottom: 1px solid var(--line); white-space: nowrap; }
  th:first-child, td:first-child, .text { text-align: left; }
  .loss { color: var(--loss); font-weight: 600; } .gain { color: var(--gain); font-weight: 600; }
  svg { max-width: 100%; height: auto; font-family: inherit; }
  .narrow { display: none; }
  @media (max-width: 40rem) { .wide { display: none; } .narrow { display: block; } }
  dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.1rem 1rem; font-size: 0.85rem; } dd { margin: 0; overflow-wrap: anywhere; }
  @media (max-width: 40rem) { body { margin: 1rem auto; } dl { grid-template-columns: 1fr; } dd { margin: 0 0 0.4rem; } }
`;

/**
 * @param body trusted HTML; escape what comes from data with {@link escapeHtml}
 * @param refreshSeconds after which a browser loads the page again, for one that is still being written
 */
export function page(title: string, body: string, refreshSeconds?: number): string {
  const refresh = refreshSeconds === undefined ? '' : `<meta http-equiv="refresh" content="${refreshSeconds}">\n`;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
${refresh}<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>
${styles}</style>
<h1>${escapeHtml(title)}</h1>
${body}
</html>
`;
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

interface Cell {
  readonly text: string;
  readonly isLoss?: boolean;
  readonly isGain?: boolean;
  /** Words, not figures: to the left. */
  readonly isText?: boolean;
}

/** Headings and cells are plain text; a cell with `isLoss` or `isGain` is marked. */
export function htmlTable(head: readonly (string | Cell)[], rows: readonly (readonly (string | Cell)[])[]): string {
  const element = (tag: 'td' | 'th', content: string | Cell): string => {
    const { text, isLoss, isGain, isText }: Cell = typeof content === 'string' ? { text: content } : content;
    const classes = [isLoss && 'loss', isGain && 'gain', isText && 'text'].filter(Boolean).join(' ');
    return `<${tag}${classes === '' ? '' : ` class="${classes}"`}>${escapeHtml(text)}</${tag}>`;
  };
  const heading = head.map((title) => element('th', title)).join('');
  const body = rows.map((row) => `<tr>${row.map((cell) => element('td', cell)).join('')}</tr>`).join('\n');
  return `<div class="scroll" tabindex="0"><table><thead><tr>${heading}</tr></thead><tbody>\n${body}\n</tbody></table></div>`;
}

/** Facts as a definition list; those within facts by their path, `backends.wasm.threads`. */
export function factList(facts: Readonly<Record<string, unknown>>): string {
  const entries = flatFacts(facts).map(([name, text]) => `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(text)}</dd>`);
  return `<dl>${entries.join('')}</dl>`;
}

/** Facts one level deep, as texts. */
export function flatFacts(facts: object, prefix = ''): [name: string, text: string][] {
  return Object.entries(facts).flatMap(([name, value]: [string, unknown]): [string, string][] => {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return name === 'flags' ? flagFacts(value, prefix + name) : flatFacts(value, `${prefix}${name}.`);
    }
    return [[prefix + name, Array.isArray(value) ? JSON.stringify(value) : String(value)]];
  });
}

/** The flags of tfjs are many: one line. */
function flagFacts(flags: object, name: string): [string, string][] {
  const text = Object.entries(flags).map(([flag, value]: [string, unknown]) => `${flag}=${String(value)}`);
  return text.length === 0 ? [] : [[name, text.join(' ')]];
}
