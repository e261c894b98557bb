/** `--help` at every level, and refusal of options that a command does not have. */
import { type ArgsDef, type CommandDef, renderUsage } from 'citty';
import { UsageError } from './failure.ts';

/**
 * The usage text if the arguments ask for it (or name no command), else undefined. Also checks every option name,
 * because citty takes unknown ones silently.
 *
 * @throws UsageError for an unknown command or option, listing the known ones
 */
export async function helpFor(root: CommandDef, rawArgs: readonly string[]): Promise<string | undefined> {
  let command = root;
  let parent: CommandDef | undefined;
  let rest = [...rawArgs];
  for (;;) {
    const children = (await resolved(command.subCommands)) ?? {};
    const names = Object.keys(children);
    if (names.length === 0) break;
    const [name] = rest;
    if (name === undefined || name === '--help' || name === '-h') return usage(command, parent);
    if (name === '--version') return (await resolved(root.meta))?.version;
    const child = children[name];
    if (child === undefined) throw new UsageError(`'${name}' is not a command. Commands: ${names.join(', ')}.`);
    parent = command;
    command = (await resolved(child)) as CommandDef;
    rest = rest.slice(1);
  }
  if (rest.includes('--help') || rest.includes('-h')) return usage(command, parent);
  checkOptions(rest, (await resolved(command.args)) ?? {});
  return undefined;
}

async function usage(command: CommandDef, parent: CommandDef | undefined): Promise<string> {
  return await renderUsage(command, parent);
}

function checkOptions(args: readonly string[], definitions: ArgsDef): void {
  const options = Object.entries(definitions).filter(([, definition]) => definition.type !== 'positional');
  const known = new Set(options.flatMap(([name]) => [`--${name}`, `--no-${name}`]));
  for (const arg of args) {
    if (arg === '--') return;
    const [name] = arg.split('=');
    if (name.startsWith('-') && name !== '-' && !known.has(name)) {
      const accepted = options.map(([option]) => `--${option}`).join(', ');
      throw new UsageError(`'${name}' is not an option of this command. Options: ${accepted}.`);
    }
  }
}

async function resolved<T>(value: T | Promise<T> | (() => T) | (() => Promise<T>) | undefined): Promise<T | undefined> {
  return await (typeof value === 'function' ? (value as () => T | Promise<T>)() : value);
}
