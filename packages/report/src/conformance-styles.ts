/** The look of the conformance section, on top of that of every report: colour by state, heads that stay in sight. */

export const conformanceStyles: string = `  :root { --passed: #e3f4e7; --failed: #fbdcd8; --gaps: #fdf0cf; --idle: #f2f4f6; --passed-ink: #1a6b33; --failed-ink: #a5281b; }
  @media (prefers-color-scheme: dark) {
    :root { --passed: #143422; --failed: #4a1712; --gaps: #40330f; --idle: #1c2229; --passed-ink: #7fd39a; --failed-ink: #ff9d90; }
  }
  .verdict { display: flex; gap: 1.2rem; align-items: baseline; padding: 0.8rem 1.2rem; border-radius: 0.5rem; }
  .verdict strong { font-size: 1.3rem; } .verdict p { margin: 0; color: inherit; }
  .verdict.passed { background: var(--passed); } .verdict.passed strong { color: var(--passed-ink); }
  .verdict.failed { background: var(--failed); } .verdict.failed strong { color: var(--failed-ink); }
  .matrix { overflow: auto; max-height: 85vh; margin: 1.2rem 0 0.4rem; border: 1px solid var(--line); border-radius: 0.5rem; }
  .matrix table { border-collapse: separate; border-spacing: 0; width: 100%; }
  .matrix th, .matrix td { padding: 0.35rem 0.7rem; text-align: right; border-bottom: 1px solid var(--line); }
  .matrix tbody tr:last-child > * { border-bottom: 0; }
  .matrix thead th { position: sticky; top: 0; z-index: 1; background: var(--paper); vertical-align: bottom; }
  .matrix th:first-child { position: sticky; left: 0; z-index: 1; background: var(--paper); text-align: left; font-weight: 500; }
  .matrix thead th:first-child { z-index: 2; }
  .matrix small { display: block; color: var(--soft); font-weight: 400; font-size: 0.75em; }
  .matrix thead small { white-space: normal; }
  .matrix sup { line-height: 0; color: var(--soft); margin-left: 0.15em; }
  .matrix td.passed { background: var(--passed); }
  .matrix td.failed { background: var(--failed); color: var(--failed-ink); font-weight: 600; }
  .matrix td.gaps { background: var(--gaps); }
  .matrix td.skipped, .matrix td.absent, .matrix td.missing { background: var(--idle); color: var(--soft); }
  @media (max-width: 40rem) { .matrix tbody th { max-width: 8.5rem; white-space: normal; overflow-wrap: anywhere; } }
  .notes { margin: 0.2rem 0 1rem; padding-left: 1.6rem; font-size: 0.85rem; color: var(--soft); }
  .failures ul { list-style: none; padding: 0; } .failures li { border-left: 4px solid var(--failed-ink); padding: 0.1rem 1rem; margin: 0.8rem 0; }
  .failures p { margin: 0.3rem 0; color: var(--ink); overflow-wrap: anywhere; } .failures code { font-weight: 600; overflow-wrap: anywhere; }
  .failures pre { margin: 0; padding: 0.5rem 0.8rem; background: var(--idle); border-radius: 0.3rem; white-space: pre-wrap; overflow-wrap: anywhere; }
  summary { cursor: pointer; padding: 0.2rem 0; } details ul { font-size: 0.85rem; overflow-wrap: anywhere; }
`;
