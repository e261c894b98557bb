/** A result inside its own report: the file that people look at is also the one that tools read. */

const ID = 'hetconv-result';

/** An element that shows nothing and runs nothing, for the body of a page. */
export function embedResult(result: object): string {
  // '<' would end the element within a text; JSON may write it as an escape.
  return `<script type="application/json" id="${ID}">${JSON.stringify(result).replaceAll('<', String.raw`\u003c`)}</script>`;
}

/** What {@link embedResult} put into a page, or undefined where there is none. @throws SyntaxError where it is damaged */
export function readEmbedded(html: string): unknown {
  const start = `<script type="application/json" id="${ID}">`;
  const from = html.indexOf(start);
  if (from < 0) return undefined;
  return JSON.parse(html.slice(from + start.length, html.indexOf('</script>', from)));
}
