// What every command is made of, and how its words on the command line are read.
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { suggest } from '../sites/suggest.js';
import { EXIT, Failure } from '../runtime/failure.js';

export interface Option {
  readonly type: 'boolean' | 'string';
  /** Name of the value in the help, such as `PORT`. */
  readonly value?: string;
  readonly help: string;
}

export type Values = Readonly<Record<string, string | boolean | undefined>>;

export interface Command {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** What `--help` says beside the options. */
  readonly details: string;
  readonly options: Readonly<Record<string, Option>>;
  /** Names under which words after the command's own are handed over, in order. */
  readonly words?: readonly string[];
  /** Does the work; gives the exit code. */
  run(values: Values, world: CommandWorld): Promise<number>;
}

/** The process around a command. */
export interface CommandWorld {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Folder of the program. */
  readonly root: string;
  /** Results, for people or for machines. */
  readonly print: (text: string) => void;
  /** Warnings, problems and logs. */
  readonly warn: (text: string) => void;
  /** Settles when the process is asked to end. */
  readonly stopped: Promise<void>;
}

export const JSON_OPTION: Option = { type: 'boolean', help: 'One line of JSON on stdout, for machines.' };
const HELP_OPTION: Option = { type: 'boolean', help: 'Show this help.' };

/**
 * Reads the words after the command's name.
 * @throws {Failure} With exit code 64 and a suggestion, for what the command does not know.
 */
export function parseValues(command: Command, words: readonly string[]): Values {
  const options: NonNullable<ParseArgsConfig['options']> = { help: { type: 'boolean', short: 'h' } };
  for (const [name, { type }] of Object.entries(command.options)) options[name] = { type };
  const { values, tokens, positionals } = parseArgs({
    args: [...words],
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const seen = new Set<string>();
  for (const token of tokens) {
    if (token.kind === 'option') refuseOption(command, { ...token, isRepeated: seen.has(token.name) });
    if (token.kind === 'option') seen.add(token.name);
  }
  const { words: names = [] } = command;
  const extra = positionals[names.length];
  if (extra !== undefined) throw usageFailure(command, `unexpected word "${extra}"`);
  return Object.fromEntries([
    ...Object.entries(values).map(([name, value]) => [name, Array.isArray(value) ? undefined : value]),
    ...names.map((name, index) => [name, positionals[index]]),
  ]);
}

/** The text of `--help`. */
export function helpOf(command: Command): string {
  const options = Object.entries({ ...command.options, help: HELP_OPTION });
  const rows = options.map(([name, option]) => [
    `--${name}${option.value ? ` ${option.value}` : ''}`,
    option.help,
  ]);
  const usage = `Usage: b2-uploader ${command.name} [options]`;
  return [usage, '', command.summary, '', command.details, '', 'Options:', columns(rows)].join('\n');
}

/** Two columns, the first as wide as its widest cell. */
export function columns(rows: readonly (readonly string[])[]): string {
  const width = Math.max(...rows.map(([first = '']) => first.length));
  return rows.map(([first = '', second = '']) => `  ${first.padEnd(width)}  ${second}`).join('\n');
}

export function usageFailure(command: Pick<Command, 'name'>, message: string): Failure {
  return new Failure(`${message}\nSee: b2-uploader ${command.name} --help`.replace('  ', ' '), EXIT.usage);
}

interface GivenOption {
  readonly name: string;
  readonly rawName: string;
  readonly value: string | undefined;
  readonly inlineValue: boolean | undefined;
  readonly isRepeated: boolean;
}

function refuseOption(command: Command, given: GivenOption): void {
  if (given.name === 'help') return;
  const option = Object.hasOwn(command.options, given.name) ? command.options[given.name] : undefined;
  if (!option) {
    const meant = suggest(given.name, [...Object.keys(command.options), 'help']);
    throw usageFailure(
      command,
      `unknown option ${given.rawName}${meant ? `; did you mean --${meant}?` : ''}`,
    );
  }
  if (given.isRepeated) throw usageFailure(command, `${given.rawName} is given twice`);
  const hasValue =
    given.value !== undefined && given.value !== '' && (given.inlineValue || !given.value.startsWith('-'));
  if (option.type === 'string' && !hasValue) {
    throw usageFailure(
      command,
      `${given.rawName} needs a value: ${given.rawName} ${option.value ?? 'VALUE'}`,
    );
  }
  if (option.type === 'boolean' && given.value !== undefined) {
    throw usageFailure(command, `${given.rawName} takes no value`);
  }
}
