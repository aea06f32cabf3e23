// What the signer writes down of each request: allow-listed fields only, never an address, a token or a file name.
import { ProblemError, statusOf } from './problem.js';
import type { SignerErrorCode } from './protocol.js';

export interface LogEntry {
  readonly time: string;
  readonly level: 'info' | 'warn' | 'error';
  readonly requestId: string;
  readonly method: string;
  /** The route's pattern, such as `/v1/files/:fileToken`; never the path itself. */
  readonly route: string;
  readonly status: number;
  readonly durationMs: number;
  readonly code?: SignerErrorCode;
  /** The Origin header, where it was refused. */
  readonly origin?: string;
  /** What to look at, when the fault is not the caller's. */
  readonly detail?: string;
  /** Kind of what lies behind an error, such as `AccessDenied`; for the site's owner. */
  readonly cause?: string;
}

export type Log = (entry: LogEntry) => void;

/** The part of a log entry that tells what failed, in the request or in the first of its items. */
export function describeError(
  error: Error | undefined,
  origin: string | undefined,
): Pick<LogEntry, 'level' | 'code' | 'origin' | 'detail' | 'cause'> {
  if (!error) return { level: 'info' };
  // What we did not foresee is told by its name only: its message may hold anything.
  if (!(error instanceof ProblemError)) return { level: 'error', code: 'internal', cause: error.name };
  const { code, message } = error;
  if (code === 'origin-not-allowed') return { level: 'warn', code, origin: origin?.slice(0, 200) ?? '' };
  if (statusOf(code) < 500) return { level: 'info', code };
  const cause = causeName(error.cause);
  return { level: 'error', code, detail: message, ...(cause === undefined ? {} : { cause }) };
}

/** The name of what caused an error; its message may hold keys and hosts, its name does not. */
function causeName(cause: unknown): string | undefined {
  if (!(cause instanceof Error)) return undefined;
  const code = 'code' in cause ? String(cause.code) : '';
  return /^[A-Z_]{3,40}$/.test(code) ? `${cause.name} ${code}` : cause.name;
}
