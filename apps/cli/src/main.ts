#!/usr/bin/env node
/** The entry of `hetconv`: runs a command and turns what it throws into a message and an exit code. */
import { stripVTControlCharacters } from 'node:util';
import { runCommand } from 'citty';
import { hetconv, joinName } from './commands/hetconv.ts';
import { exitCodeOf, report } from './output/failure.ts';
import { helpFor } from './output/help.ts';

const args = joinName(process.argv.slice(2), Object.keys(hetconv.subCommands ?? {}));
try {
  const help = await helpFor(hetconv, args);
  if (help === undefined) await runCommand(hetconv, { rawArgs: args });
  else process.stdout.write(`${process.stdout.isTTY ? help : stripVTControlCharacters(help)}\n`);
} catch (error) {
  report(error);
  process.exitCode = exitCodeOf(error);
}
