/** The written forms of a report: complete, well-formed, and proof against what may stand in names and messages. */
import { SaxesParser, type SaxesTagPlain } from 'saxes';
import type { BackendProvider } from '@hetconv/core';
import {
  buildCases,
  type ConformanceReport,
  environmentName,
  FAMILIES,
  joinReports,
  matrix,
  replayCommand,
  runConformance,
  simplestFailure,
  toJUnit,
  toMarkdown,
} from '@hetconv/conformance';
import { describe, expect, it } from 'vitest';
import { deviceText, sectionOf } from '../src/report/failures.ts';
import { forgetsBias } from './support/fault.ts';
import { ORACLE, providerOf } from './support/oracle-backend.ts';

const missing: BackendProvider = {
  name: 'webgpu',
  prepare: () => Promise.resolve({ available: false, reason: 'no <adapter> | "here"' }),
  kernels: () => ORACLE,
};

/** A run with failures, known gaps, skips, and a backend that is not there. */
async function mixedReport(): Promise<ConformanceReport> {
  const providers = [providerOf('faulty', forgetsBias().kernels), missing];
  const match = 'fused/fused/*/relu-bias-channel/*';
  const knownGaps = [{ backend: 'faulty', match, reason: 'no bias & no relu yet' }];
  return runConformance({ providers, families: ['fused', 'format'], knownGaps });
}

interface Element {
  readonly name: string;
  readonly attributes: Record<string, string>;
  readonly parents: readonly string[];
  text: string;
}

/** @throws Error where the document is not well-formed */
function parse(xml: string): Element[] {
  const elements: Element[] = [];
  const open: Element[] = [];
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }: SaxesTagPlain) => {
    const element = { name, attributes, parents: open.map((parent) => parent.name), text: '' };
    elements.push(element);
    open.push(element);
  });
  parser.on('text', (text) => {
    const current = open.at(-1);
    if (current !== undefined) current.text += text;
  });
  parser.on('closetag', () => void open.pop());
  parser.write(xml).close();
  return elements;
}

describe('toJUnit', () => {
  it('has a suite a backend and family, and every failure, skip and known gap as a test case', async () => {
    const report = await mixedReport();
    const { failed, xfailed, skipped } = report.backends.faulty;
    expect(Math.min(failed, xfailed, skipped)).toBeGreaterThan(0);
    const elements = parse(toJUnit(report));
    const named = (name: string): Element[] => elements.filter((element) => element.name === name);
    expect(named('testsuite').map(({ attributes }) => attributes.name)).toEqual([
      'faulty/fused',
      'faulty/format',
      'webgpu/the suite as a whole',
    ]);
    expect(named('failure')).toHaveLength(failed);
    expect(named('skipped')).toHaveLength(xfailed + skipped + 1);
    const [all] = named('testsuites');
    expect(all.attributes).toMatchObject({
      tests: String(named('testcase').length),
      failures: String(failed),
      skipped: String(named('skipped').length),
    });
    const [failure] = named('failure');
    expect(failure.text).toContain(`\n${replayCommand('faulty', report.backends.faulty.failures[0].id, 1)}`);
    const reasons = named('skipped').map(({ attributes }) => attributes.message);
    expect(reasons).toContain('known gap: no bias & no relu yet');
    expect(reasons).toContain('no <adapter> | "here"');
    expect(named('testcase')[0].attributes).toMatchObject({ name: expect.stringMatching(/^\d+ cases that passed$/) });
  });

  it('stays well-formed whatever a message holds', async () => {
    const report = await mixedReport();
    const message = 'a ]]> b \u0000 \ud800 <tag a="1"> \u001b[31m é 🙂 \uffff';
    const failures = [{ id: 'fused/<&>', message, variants: [] }];
    const changed = { ...report, backends: { ...report.backends, faulty: { ...report.backends.faulty, failures } } };
    const failure = parse(toJUnit(changed)).find(({ name }) => name === 'failure');
    expect(failure?.attributes.message).toBe('a ]]> b \ufffd \ufffd <tag a="1"> \ufffd[31m é 🙂 \ufffd');
  });
});

describe('toMarkdown', () => {
  it('shows the verdict, the matrix, the smallest failure first with its replay, skips and gaps with their reasons', async () => {
    const report = await mixedReport();
    const text = toMarkdown(report);
    const { failures } = report.backends.faulty;
    const simplest = simplestFailure(failures);
    expect(text).toContain(`**Failed:** faulty: ${failures.length} failures`);
    expect(text).toMatch(/\| fused \| \*\*✗\*\* \d+ passed, \d+ failed/);
    expect(text).toContain('skipped: no &lt;adapter> \\| "here"');
    expect(text).toContain(`failures, the smallest first\n\n- \`${simplest?.id}\``);
    expect(text).toContain(`\`${replayCommand('faulty', simplest?.id ?? '', 1)}\``);
    expect(text).toContain('known gaps: no bias & no relu yet');
    for (const line of text.split('\n').filter((one) => one.startsWith('|'))) {
      for (const cell of line.slice(1, -1).split(/(?<!\\)\|/)) expect(cell.trim()).not.toBe('');
    }
  });
});

describe('matrix', () => {
  it('tells what a variant without a case is, by why', async () => {
    const unreachable = { name: 'forward-huge', pass: 'forward', accepts: () => false } as const;
    const variants = [...ORACLE.variants, unreachable];
    const report = await runConformance({ providers: [providerOf('faulty', { ...ORACLE, variants })] });
    const { columns, rows } = matrix(report);
    const column = columns.findIndex(({ variant }) => variant === 'forward-huge');
    for (const { cells, details } of rows) {
      expect(details[column].state).toBe('failed');
      expect(cells[column]).toBe('failed: declared, but no case has run it');
    }
    expect(columns[0].environment).toMatch(/^Node [\d.]+ on /);
  });
});

describe('joinReports', () => {
  it('keeps each backend with its environment, and tells namesakes apart', async () => {
    const cases = buildCases({ families: ['memory'] }).slice(0, 1);
    const here = await runConformance({ providers: [providerOf('oracle', ORACLE)], cases });
    const runtime = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/156.0.0.0 Safari/537.36';
    const there = { ...here, environment: { ...here.environment, runtime, platform: 'Linux x86_64' } };
    const node = `oracle (${environmentName(here.environment)})`;
    const joined = joinReports([here, there, { ...there, ok: false, problems: ['broken'] }]);
    expect(Object.keys(joined.backends)).toEqual([
      node,
      'oracle (Chromium 156 on Linux x86_64)',
      'oracle (Chromium 156 on Linux x86_64) #2',
    ]);
    expect(joined).toMatchObject({ ok: false, problems: ['broken'], cases: 1, families: [...FAMILIES] });
    expect(matrix(joined).columns[2].environment).toBe(environmentName(here.environment));
    expect(matrix(joined).columns.at(-1)?.environment).toBe('Chromium 156 on Linux x86_64');
    expect(joinReports([here])).toBe(here);
    expect(() => joinReports([])).toThrow('at least one report');
  });
});

describe('small texts', () => {
  it.each([
    ['Node 24.21.0 (V8 13.6.1)', 'Node 24.21.0'],
    ['Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 Version/26.1 Safari/605.1.15', 'Safari 26'],
    ['Mozilla/5.0 (X11; rv:150.0) Gecko/20100101 Firefox/150.0', 'Firefox 150'],
    ['Mozilla/5.0 Chrome/156.0.0.0 Safari/537.36 Edg/156.0.0.0', 'Edge 156'],
    ['Deno 3', 'Deno 3'],
  ])('%s is %s', (runtime, name) => {
    expect(environmentName({ runtime, platform: 'p', cores: 1, tfjs: '4.22.0' })).toBe(`${name} on p`);
  });

  it('replays a case by id, and the whole run for what only that demands', () => {
    expect(replayCommand('cpu (Node 24 on linux)', 'geometry/a/b', 7)).toBe(
      'hetconv conformance --backends cpu --case geometry/a/b --seed 7',
    );
    expect(replayCommand('wasm@browser', 'coverage/forward', 1)).toBe(
      'hetconv conformance --backends wasm@browser --seed 1',
    );
    expect(sectionOf('provider')).toBe('the suite as a whole');
  });

  it.each([
    [{ eps: 2 ** -23, flushesSubnormals: false }, 'float32 (eps 2^-23), keeps subnormals'],
    [{ eps: 2 ** -10, flushesSubnormals: true }, 'half precision (eps 2^-10), flushes subnormals'],
    [{ eps: 2 ** -16, flushesSubnormals: true }, 'eps 2^-16, flushes subnormals'],
  ])('%j reads %s', (device, expected) => {
    expect(deviceText({ device })).toBe(expected);
  });
});
