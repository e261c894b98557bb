/** A static HTML page: no script, no outside resource, light and dark. */

/** The look of reports, shared by the static file and the page. */
export const styles: string = `  :root { color-scheme: light dark; --ink: #1d2733; --soft: #66727f; --line: #d9dee4; --paper: #fff; --plot-background: transparent; }
  @media (prefers-color-scheme: dark) { :root { --ink: #e6e9ed; --soft: #9aa5b1; --line: #333c46; --paper: #14181d; } }
  body { margin: 2rem auto; padding: 0 1rem; max-width: 64rem; font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
  h1 { font-size: 1.6rem; } h2 { font-size: 1.15rem; margin-top: 2.2rem; }
  p, dd, dt { color: var(--soft); } strong { color: var(--ink); }
  .scroll { overflow-x: auto; }
  table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
  th, td { padding: 0.3rem 0.8rem; text-align: right; border-bottom: 1px solid var(--line); white-space: nowrap; }
  th:first-child, td:first-child, .text { text-align: left; }
  .loss { color: #c0392b; font-weight: 600; }
  svg { max-width: 100%; height: auto; font-family: inherit; }
  dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.1rem 1rem; font-size: 0.85rem; } dd { margin: 0; overflow-wrap: anywhere; }
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

/** Headings and cells are plain text; a cell with `isLoss` is marked. */
export function htmlTable(
  head: readonly string[],
  rows: readonly (readonly (string | { readonly text: string; readonly isLoss: boolean })[])[],
): string {
  const cell = (content: (typeof rows)[number][number]): string => {
    const { text, isLoss } = typeof content === 'string' ? { text: content, isLoss: false } : content;
    return `<td${isLoss ? ' class="loss"' : ''}>${escapeHtml(text)}</td>`;
  };
  const heading = head.map((title) => `<th>${escapeHtml(title)}</th>`).join('');
  const body = rows.map((row) => `<tr>${row.map(cell).join('')}</tr>`).join('\n');
  return `<div class="scroll"><table><thead><tr>${heading}</tr></thead><tbody>\n${body}\n</tbody></table></div>`;
}

/** Nested facts as a definition list. */
export function factList(facts: Readonly<Record<string, unknown>>): string {
  const entries = Object.entries(facts).map(([name, value]) => {
    const text = typeof value === 'object' ? JSON.stringify(value) : `${value as string | number | boolean}`;
    return `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(text)}</dd>`;
  });
  return `<dl>${entries.join('')}</dl>`;
}
