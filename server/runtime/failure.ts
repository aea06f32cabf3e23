// What a command cannot go on after: one sentence for people and the exit code.

/** Exit codes of every command. */
export const EXIT = { ok: 0, problem: 1, usage: 64, configuration: 78 } as const;

/** An expected failure: its message says what is wrong and what to do; no stack is ever shown. */
export class Failure extends Error {
  constructor(
    message: string,
    readonly exitCode: (typeof EXIT)[keyof typeof EXIT],
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'Failure';
  }
}

/** The system's code of an error, such as `EACCES`. */
export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
