// The command line of the resize bench.
import { parseArgs } from 'node:util';
import { CASES, type BenchCase } from './cases.js';
import { CONTENDERS, type ContenderSpec } from './contenders.js';

export const USAGE = `npm run bench resize -- [options]      (builds what it measures from the sources)

  --rounds N       rounds of each timed case; medians are shown (5)
  --case NAMES     ${CASES.map(({ name }) => name).join(', ')}; comma-separated (all)
  --only NAMES     contenders, comma-separated; "ours" and "pica" stand for all of theirs
  --no-peers       without the peers, which npm otherwise fetches into node_modules/.cache

Contenders: ${CONTENDERS.map(({ name }) => name).join(' · ')} (bic: browser-image-compression)`;

export interface BenchOptions {
  readonly rounds: number;
  readonly cases: readonly BenchCase[];
  readonly contenders: readonly ContenderSpec[];
}

export class UsageError extends Error {}

/** @throws {UsageError} When an option names nothing. */
export function readOptions(args: readonly string[]): BenchOptions | 'help' {
  const values = parse(args);
  if (values.help) return 'help';
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1)
    throw new UsageError('--rounds takes a whole number from 1 up.');
  const names = values.case?.split(',');
  const only = values.only?.split(',');
  const cases = CASES.filter(({ name }) => !names || names.includes(name));
  if (cases.length === 0) throw new UsageError(`--case ${values.case}: there is no such case.`);
  const contenders = CONTENDERS.filter(({ name, isPeer }) => {
    if (values['no-peers'] && isPeer) return false;
    return !only || only.some((other) => isMeant(name, other));
  });
  if (contenders.length === 0) throw new UsageError(`--only ${values.only}: there is no such contender.`);
  return { rounds, cases, contenders };
}

/** "ours" means all of ours, "pica" both of pica. */
function isMeant(contender: string, name: string): boolean {
  return contender === name || contender.startsWith(`${name},`) || contender.startsWith(`${name} `);
}

const FLAGS = {
  rounds: { type: 'string', default: '5' },
  case: { type: 'string' },
  only: { type: 'string' },
  'no-peers': { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: FLAGS }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
