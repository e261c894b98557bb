/**
 * A report as JUnit XML, which CI systems read: a suite a backend and family. Every failure, skip and known gap is a test case
 * of its own; the cases that passed are one, because a report counts them without naming them.
 */
import { environmentName } from './environment-name.ts';
import { deviceText, messageOf, replayCommand, sectionOf, WHOLE } from './failures.ts';
import type { BackendReport, ConformanceReport } from './report.ts';

interface TestCase {
  readonly name: string;
  readonly outcome: 'passed' | 'failed' | 'skipped';
  /** What is inside the element. */
  readonly body?: string;
}

interface Suite {
  readonly name: string;
  readonly cases: readonly TestCase[];
}

export function toJUnit(report: ConformanceReport): string {
  const backends = Object.entries(report.backends);
  const suites = backends.flatMap(([name, backend]) =>
    suitesOf(name, backend, report).map((suite) => ({ suite, xml: suiteXml(name, backend, suite, report) })),
  );
  const all = suites.flatMap(({ suite }) => suite.cases);
  const seconds = backends.reduce((sum, [, { milliseconds }]) => sum + milliseconds, 0) / 1000;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="HetConv conformance" ${countsXml(all)} time="${seconds.toFixed(3)}">`,
    ...suites.map(({ xml }) => xml),
    '</testsuites>\n',
  ].join('\n');
}

function suitesOf(name: string, backend: BackendReport, { families, seed }: ConformanceReport): Suite[] {
  const { available, reason = 'not available', failures, skips, knownGaps } = backend;
  if (!available && failures.length === 0) {
    return [{ name: WHOLE, cases: [{ name: 'the backend', outcome: 'skipped', body: skippedXml(reason) }] }];
  }
  const gaps = knownGaps.flatMap((gap) => gap.cases.map((id) => ({ id, reason: gap.reason })));
  const failed = new Set(failures.map(({ id }) => id));
  const sections = [...families, WHOLE] as const;
  return sections.flatMap((section): Suite[] => {
    const isHere = ({ id }: { readonly id: string }): boolean => sectionOf(id) === section;
    const passed = section === WHOLE ? 0 : (backend.families[section]?.passed ?? 0);
    const cases: TestCase[] = [
      ...(passed > 0 ? [{ name: `${passed} cases that passed`, outcome: 'passed' } as const] : []),
      ...failures.filter(isHere).map((failure): TestCase => {
        const message = messageOf(failure);
        const details = `${message}\n${replayCommand(name, failure.id, seed)}`;
        const body = `<failure message="${escape(message)}">${escape(details)}</failure>`;
        return { name: failure.id, outcome: 'failed', body };
      }),
      ...skips
        .filter(isHere)
        .map((skip): TestCase => ({ name: skip.id, outcome: 'skipped', body: skippedXml(skip.reason) })),
      ...gaps
        .filter((gap) => isHere(gap) && !failed.has(gap.id)) // a gap that passes is a failure
        .map((gap): TestCase => ({ name: gap.id, outcome: 'skipped', body: skippedXml(`known gap: ${gap.reason}`) })),
    ];
    return cases.length === 0 ? [] : [{ name: section, cases }];
  });
}

function suiteXml(
  backendName: string,
  backend: BackendReport,
  { name, cases }: Suite,
  report: ConformanceReport,
): string {
  const facts = {
    environment: environmentName(backend.environment ?? report.environment),
    seed: report.seed,
    ...backend.facts,
    ...(backend.device === undefined ? {} : { precision: deviceText(backend) }),
  };
  const properties = Object.entries(facts).map(
    ([key, value]) => `      <property name="${escape(key)}" value="${escape(String(value))}"/>`,
  );
  const classname = escape(`${backendName}.${name}`);
  const elements = cases.map((test) => {
    const opening = `    <testcase classname="${classname}" name="${escape(test.name)}"`;
    return test.body === undefined ? `${opening}/>` : `${opening}>${test.body}</testcase>`;
  });
  return [
    `  <testsuite name="${escape(`${backendName}/${name}`)}" ${countsXml(cases)}>`,
    `    <properties>\n${properties.join('\n')}\n    </properties>`,
    ...elements,
    '  </testsuite>',
  ].join('\n');
}

function countsXml(cases: readonly TestCase[]): string {
  const count = (outcome: TestCase['outcome']): number => cases.filter((test) => test.outcome === outcome).length;
  return `tests="${cases.length}" failures="${count('failed')}" skipped="${count('skipped')}" errors="0"`;
}

function skippedXml(reason: string): string {
  return `<skipped message="${escape(reason)}"/>`;
}

/** What XML 1.0 has no character for (control codes, halves of surrogate pairs) becomes U+FFFD. */
function escape(value: string): string {
  return Array.from(value, (character) => {
    const code = character.codePointAt(0) ?? 0;
    if ('&<>"\n\r\t'.includes(character)) return `&#${code};`;
    const isText = code >= 0x20 && !(code >= 0xd800 && code <= 0xdfff) && code !== 0xfffe && code !== 0xffff;
    return isText ? character : '\ufffd';
  }).join('');
}
