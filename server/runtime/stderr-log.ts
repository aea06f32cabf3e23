// Writes log entries as lines of JSON, as far as the log level lets them through.
import type { Log } from '../log.js';
import type { LogLevel } from '../sites/listening.js';

const RANK: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warn: 2, error: 3, silent: 4 };

/** Makes the signer's log. */
export function createLog(level: LogLevel, write: (line: string) => void): Log {
  return (entry) => {
    if (RANK[entry.level] >= RANK[level]) write(JSON.stringify(entry));
  };
}
