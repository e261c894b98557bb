/** The conformance section: complete, coloured by state, and safe whatever stands in a report. */
import { type BackendReport, type ConformanceReport, runConformance } from '@hetconv/conformance';
import { composedProvider } from '@hetconv/core';
import { conformanceSection, conformanceTitle, page } from '@hetconv/report';
import { parseHTML } from 'linkedom';
import { expect, it } from 'vitest';

const composed = composedProvider('cpu', () => import('@tensorflow/tfjs-backend-cpu'));
const real: ConformanceReport = await runConformance({
  providers: [composed],
  families: ['channels', 'special', 'errors'],
});

/** The real report with a failure whose text is hostile, a backend that is not there, and a measured device. */
function changed(): ConformanceReport {
  const id = 'channels/forward/k3s1d1p3/m8n3/same/h4w5/b1/integer';
  const failures = [
    { id, message: 'forward: <script>alert(1)</script> (seed 1; replay with --case x --seed 1)', variants: [] },
    { id: 'coverage/forward-huge', message: 'never run (seed 1)', variants: ['forward-huge'] },
  ];
  const cpu: BackendReport = {
    ...real.backends.cpu,
    failed: 2,
    failures,
    device: { eps: 2 ** -23, flushesSubnormals: false },
    families: {
      ...real.backends.cpu.families,
      channels: { passed: 274, failed: 1, skipped: 0, xfailed: 0, worstRatio: 2 },
    },
  };
  const reason = 'no "adapter" <here>';
  const webgpu: BackendReport = {
    ...cpu,
    available: false,
    reason,
    failed: 0,
    failures: [],
    variants: {},
    families: {},
  };
  return { ...real, ok: false, problems: ['cpu: 2 failures'], backends: { cpu, webgpu } };
}

function render(report: ConformanceReport): Document {
  return parseHTML(page(conformanceTitle(report), conformanceSection(report))).document;
}

it('shows what passed, with the known gaps of the composed form', () => {
  const document = render(real);
  expect(document.querySelector('.verdict.passed strong')?.textContent).toBe('Right');
  const [overview] = document.querySelectorAll('.matrix');
  expect([...overview.querySelectorAll('tbody th')].map((cell) => cell.textContent)).toEqual([...real.families]);
  expect(overview.querySelector('thead small')?.textContent).toMatch(/^Node [\d.]+ on /);
  expect([...overview.querySelectorAll('td')].map((cell) => cell.className)).toEqual(['passed', 'gaps', 'passed']);
  const summaries = [...document.querySelectorAll('summary')].map((summary) => summary.textContent);
  expect(summaries).toContainEqual(expect.stringMatching(/^cpu, \d+: the composed form multiplies the zeros/));
});

it('leaves no cell blank, and no note without its cell', () => {
  const document = render(changed());
  for (const cell of document.querySelectorAll('td, th')) expect(cell.textContent?.trim()).not.toBe('');
  for (const table of document.querySelectorAll('.matrix')) {
    const marks = [...table.querySelectorAll('sup')].map((mark) => Number(mark.textContent));
    const notes = table.nextElementSibling?.matches('.notes') ? table.nextElementSibling.children.length : 0;
    expect(Math.max(0, ...marks)).toBe(notes);
  }
});

it('shows failures with the command that replays them, the smallest first, as text', () => {
  const document = render(changed());
  expect(document.querySelector('.verdict.failed p')?.textContent).toBe('cpu: 2 failures');
  expect(document.querySelector('script')).toBeNull();
  expect(document.querySelector('.failures h2')?.textContent).toBe('cpu: 2 failed, the smallest first');
  expect(document.querySelector('.failures p')?.textContent).toBe('forward: <script>alert(1)</script>');
  const replays = [...document.querySelectorAll('.failures pre')].map((element) => element.textContent);
  expect(replays).toEqual([
    'hetconv conformance --backends cpu --case channels/forward/k3s1d1p3/m8n3/same/h4w5/b1/integer --seed 1',
    'hetconv conformance --backends cpu --seed 1',
  ]);
  expect(document.querySelector('td.failed')?.textContent).toMatch(/^✗ 1 of 275/);
  expect(document.documentElement.textContent).toContain('float32 (eps 2^-23), keeps subnormals');
  expect(document.documentElement.textContent).toContain('not available: no "adapter" <here>');
});
