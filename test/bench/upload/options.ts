// The command line of the upload bench.
import { parseArgs } from 'node:util';
import { CASES, type BenchCase } from './cases.js';
import { CONTENDERS, type ContenderSpec } from './contenders.js';

export const USAGE = `npm run bench upload -- [options]      (npm run build first: dist/ is what is measured)

  --rounds N       rounds of each case; medians are shown (5; 1 with --memory)
  --case NAMES     ${CASES.map(({ name }) => name).join(', ')}; comma-separated (small, medium, large)
  --only NAMES     contenders, comma-separated; "ours" and "uppy" stand for all of theirs
  --memory         the memory cases: 1 × 6 GiB and 1 000 × 5 MB
  --all            Dropzone and FilePond too
  --check          storage compares each content-md5 with what arrived: slower, for correctness only
  --line N         storage takes N MB a second at most, all connections together
  --single         the stub plans every file as one PUT, whatever its size
  --no-peers       without the peers, which npm otherwise fetches into node_modules/.cache

Contenders: ${CONTENDERS.map(({ name }) => name).join(' · ')}`;

export interface BenchOptions {
  readonly rounds: number;
  readonly cases: readonly BenchCase[];
  readonly contenders: readonly ContenderSpec[];
  /** What the servers are told. */
  readonly serverFlags: readonly string[];
}

export class UsageError extends Error {}

/** @throws {UsageError} When an option names nothing. */
export function readOptions(args: readonly string[]): BenchOptions | 'help' {
  const values = parse(args);
  if (values.help) return 'help';
  const rounds = Number(values.rounds ?? (values.memory ? 1 : 5));
  if (!Number.isInteger(rounds) || rounds < 1)
    throw new UsageError('--rounds takes a whole number from 1 up.');
  const names = values.case?.split(',');
  const only = values.only?.split(',');
  const cases = CASES.filter(({ name, isAboutMemory = false }) =>
    names ? names.includes(name) : isAboutMemory === values.memory,
  );
  if (cases.length === 0) throw new UsageError(`--case ${values.case}: there is no such case.`);
  const contenders = CONTENDERS.filter((contender) => {
    if (values['no-peers'] && contender.isPeer) return false;
    if (only) return only.some((name) => isMeant(contender.name, name));
    return values.all || !contender.isExtra;
  });
  if (contenders.length === 0) throw new UsageError(`--only ${values.only}: there is no such contender.`);
  return { rounds, cases, contenders, serverFlags: serverFlagsOf(values) };
}

/** @throws {UsageError} When the line has no speed. */
function serverFlagsOf({ check, single, line }: ReturnType<typeof parse>): readonly string[] {
  if (line !== undefined && !(Number(line) > 0)) throw new UsageError('--line takes a number above 0.');
  return [
    ...(check ? ['--check'] : []),
    ...(single ? ['--single'] : []),
    ...(line === undefined ? [] : [`--line=${line}`]),
  ];
}

/** "ours" means all of ours, "uppy" both of Uppy, "floor" both floors. */
function isMeant(contender: string, name: string): boolean {
  return contender === name || contender.startsWith(`${name},`) || contender.startsWith(`${name} `);
}

const FLAGS = {
  rounds: { type: 'string' },
  case: { type: 'string' },
  only: { type: 'string' },
  memory: { type: 'boolean', default: false },
  all: { type: 'boolean', default: false },
  check: { type: 'boolean', default: false },
  line: { type: 'string' },
  single: { type: 'boolean', default: false },
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
