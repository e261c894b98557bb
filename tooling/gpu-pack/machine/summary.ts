/** All stages in one place, for people and for scripts; written anew after each, so that a run that is cut off leaves what it knew. */
import { join } from 'node:path';
import { writeFileAtomically } from '@hetconv/layers/node';
import type { Outcome } from './stage.ts';

export interface Done extends Outcome {
  readonly name: string;
  readonly title: string;
  readonly seconds: number;
}

export function summaryText(stages: readonly Done[]): string {
  const table = stages.map(
    ({ title, status, seconds, lines }) => `| ${title} | ${status} | ${seconds.toFixed(0)} s | ${firstLine(lines)} |`,
  );
  const details = stages.flatMap(({ title, lines }) => [
    `\n## ${title}\n`,
    ...lines.map((line) => (line.includes('\n') ? `\n${line}` : `- ${line}`)),
  ]);
  const head = ['# hetconv on this GPU', '', '| stage | | time | |', '| --- | --- | ---: | --- |'];
  return `${[...head, ...table, ...details].join('\n')}\n`;
}

export async function writeSummary(out: string, stages: readonly Done[]): Promise<void> {
  await writeFileAtomically(join(out, 'summary.md'), summaryText(stages));
  await writeFileAtomically(join(out, 'summary.json'), `${JSON.stringify({ stages }, null, 2)}\n`);
}

function firstLine(lines: readonly string[]): string {
  return (lines[0] ?? '').split('\n')[0];
}
