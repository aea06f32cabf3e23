// Finds the command, runs it, and turns every failure into a line on stderr and an exit code.
import { EXIT, errorCode, Failure } from '../runtime/failure.js';
import { findProgram } from '../runtime/program.js';
import { suggest } from '../sites/suggest.js';
import { bucket } from './bucket.js';
import { checkConfig } from './check-config.js';
import { columns, helpOf, parseValues, usageFailure, type Command, type CommandWorld } from './command.js';
import { site } from './site.js';
import { start } from './start.js';

const COMMANDS: readonly Command[] = [start, checkConfig, site, bucket];

/** Runs the command line and gives the exit code. */
export async function main(words: readonly string[], process: Omit<CommandWorld, 'root'>): Promise<number> {
  const { env, warn } = process;
  try {
    const { root, version } = findProgram();
    return await dispatch(words, { ...process, root }, version);
  } catch (error) {
    warn(error instanceof Failure ? error.message : unexpected(error, env['LOG_LEVEL'] === 'debug'));
    return error instanceof Failure ? error.exitCode : EXIT.problem;
  }
}

async function dispatch(words: readonly string[], world: CommandWorld, version: string): Promise<number> {
  const [name = '', ...rest] = words;
  const command = COMMANDS.find((known) => known.name === name);
  if (!command) return withoutCommand(words, world, version);
  if (rest.includes('--help') || rest.includes('-h')) {
    world.print(helpOf(command));
    return EXIT.ok;
  }
  return command.run(parseValues(command, rest), world);
}

function withoutCommand(words: readonly string[], { print, warn }: CommandWorld, version: string): number {
  const [name = ''] = words;
  if (words.includes('--help') || words.includes('-h') || name === 'help') print(overview());
  else if (name === '--version' || name === '-v') print(version);
  else if (name === '') {
    warn(overview());
    return EXIT.usage;
  } else {
    const known = [...COMMANDS.map((command) => command.name), '--help', '--version'];
    const meant = suggest(name, known);
    throw usageFailure({ name: '' }, `unknown command "${name}"${meant ? `; did you mean "${meant}"?` : ''}`);
  }
  return EXIT.ok;
}

function overview(): string {
  const commands = COMMANDS.map(({ name, summary }) => [name, summary]);
  const options = [
    ['--help', 'Show this help; after a command, the help of that command.'],
    ['--version', 'Show the version.'],
  ];
  const usage = 'Usage: b2-uploader <command> [options]';
  return [usage, '', 'Commands:', columns(commands), '', 'Options:', columns(options)].join('\n');
}

/** One line for what nobody foresaw; the whole of it with LOG_LEVEL=debug. */
export function unexpected(error: unknown, isDebug: boolean): string {
  if (isDebug && error instanceof Error) return error.stack ?? error.message;
  const code = errorCode(error) || (error instanceof Error ? error.name : 'unknown');
  const message = error instanceof Error ? error.message.split('\n')[0] : String(error);
  return `Unexpected error (${code}): ${message}. LOG_LEVEL=debug shows where.`;
}
