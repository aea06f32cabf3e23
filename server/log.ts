// What the signer writes down of each request: allow-listed fields only, never an address, a token or a file name.
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
  /** Kind of what lies behind an error, such as `AccessDenied`; for the site's owner. */
  readonly cause?: string;
}

export type Log = (entry: LogEntry) => void;

/** The name of what caused an error; its message may hold keys and hosts, its name does not. */
export function causeName(error: unknown): string | undefined {
  const cause = error instanceof Error ? error.cause : undefined;
  if (!(cause instanceof Error)) return undefined;
  const code = 'code' in cause ? String(cause.code) : '';
  return /^[A-Z_]{3,40}$/.test(code) ? `${cause.name} ${code}` : cause.name;
}
