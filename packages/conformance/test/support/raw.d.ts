/** Files as text, as vitest imports them. */
declare module '*?raw' {
  const text: string;
  export { text as default };
}
