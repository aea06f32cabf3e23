// Settings of the process: where it listens, where people reach it, whom it trusts, how much it logs.
import type { ConfigProblem } from './config-problem.js';
import { addressProblem, normaliseAddress } from './endpoint.js';
import { readTrustedProxies } from './trusted-proxies.js';

const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface Listening {
  readonly production: boolean;
  /** 0: any free one. */
  readonly port: number;
  readonly host: string;
  /** Without a slash at the end; null: the listening address. */
  readonly publicUrl: string | null;
  /** CIDR ranges. */
  readonly trustedProxies: readonly string[];
  readonly logLevel: LogLevel;
}

type Variable = (name: string) => string | undefined;

interface Reading<Value> {
  readonly value: Value;
  readonly problems: readonly ConfigProblem[];
  readonly warnings: readonly string[];
}

/**
 * Reads PORT, HOST, PUBLIC_URL, TRUSTED_PROXIES and LOG_LEVEL.
 * @param defaults - `loopback`: listen to this machine only unless HOST says otherwise.
 */
export function readListening(
  variable: Variable,
  defaults: { readonly loopback: boolean },
): Reading<Listening> {
  const production = variable('NODE_ENV') === 'production';
  const port = variable('PORT') ?? '3000';
  const host = (variable('HOST') ?? (defaults.loopback ? '127.0.0.1' : '0.0.0.0')).replace(
    /^\[(.*)\]$/,
    '$1',
  );
  const publicUrl = variable('PUBLIC_URL');
  const logLevel = variable('LOG_LEVEL')?.toLowerCase() ?? 'info';
  const level = LOG_LEVELS.find((known) => known === logLevel);
  const proxies = readTrustedProxies(variable('TRUSTED_PROXIES') ?? '', production);
  const problems = [
    ...fault('PORT', portProblem(port)),
    ...fault(
      'HOST',
      /^[\w.:-]+$/.test(host) ? undefined : 'is no host; expected one such as "0.0.0.0" or "127.0.0.1"',
    ),
    ...fault('PUBLIC_URL', publicUrlProblem(publicUrl, production)),
    ...proxies.problems.map((message) => ({ path: 'TRUSTED_PROXIES', message })),
    ...fault('LOG_LEVEL', level ? undefined : `is "${logLevel}"; expected one of ${LOG_LEVELS.join(', ')}`),
  ];
  const value = {
    production,
    port: Number(port),
    host,
    publicUrl: publicUrl === undefined || problems.length > 0 ? null : normaliseAddress(publicUrl),
    trustedProxies: proxies.ranges,
    logLevel: level ?? 'info',
  };
  return { value, problems, warnings: proxies.warnings.map((message) => `TRUSTED_PROXIES: ${message}`) };
}

function fault(path: string, message: string | undefined): readonly ConfigProblem[] {
  return message === undefined ? [] : [{ path, message }];
}

function portProblem(port: string): string | undefined {
  const isPort = /^\d{1,5}$/.test(port) && Number(port) <= 65_535;
  return isPort ? undefined : `is "${port.slice(0, 20)}"; expected a number from 0 (any free port) to 65535`;
}

function publicUrlProblem(url: string | undefined, production: boolean): string | undefined {
  const expected =
    'expected the address at which browsers reach the signer, such as "https://uploads.example.com"';
  if (url === undefined) return production ? `is missing; ${expected}` : undefined;
  const problem = /^https?:\/\//i.test(url) ? addressProblem(url) : 'has no scheme';
  return problem && `${problem}; ${expected}`;
}
