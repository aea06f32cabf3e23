// What a fault rule can look for in a request, and what it then does to it.

/** Which end a request comes from: pages send Origin or Sec-Fetch headers, the signer sends neither. */
export type Side = 'browser' | 'signer';

/** Fires on requests that match every field given. */
export interface FaultRule {
  /** Stands in the log; by default what the action does, such as `status 503` or `swallow`. */
  readonly name?: string;
  readonly from?: Side;
  readonly method?: string;
  /** Searched for in path and query. */
  readonly path?: RegExp;
  readonly partNumber?: number;
  /** Of the content-length. */
  readonly minBodyBytes?: number;
  /** Which of the matching requests, counted from 1. */
  readonly nth?: number | readonly number[];
  /** Fires at most so often. */
  readonly times?: number;
  /** 0…1, drawn from the proxy's seed: the same seed fires on the same of the matching requests. */
  readonly probability?: number;
  readonly action: FaultAction;
}

export type FaultAction = AnswerAction | DownAction | ForwardAction;

/** Answers at once; the target never hears of the request. */
export interface AnswerAction {
  readonly status: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether the answer carries the CORS headers that the target would send; true. */
  readonly cors?: boolean;
  /** Whether the body is taken in first; true. Otherwise the connection closes on a client that still sends. */
  readonly readBody?: boolean;
}

/** Resets the connection as soon as the head of the request is in. */
export interface DownAction {
  readonly down: true;
}

/** Passes the request on, changed in every way that is named; `{}` only lets it through, past all later rules. */
export interface ForwardAction {
  /** Waits before the target hears of the request. */
  readonly delayMs?: number;
  readonly throttleBytesPerSecond?: number;
  /** Flips one bit of the request body at this offset. */
  readonly corruptByte?: number;
  /** Resets both connections once so many bytes of the body have passed. */
  readonly resetAfterBytes?: number;
  /** Takes so many bytes, then reads and answers nothing until a side hangs up, or `release()` lets it go on. */
  readonly stallAfterBytes?: number;
  /** Resets whatever lasts longer, as some office networks do. */
  readonly cutAfterMs?: number;
  /** The target does its work; the client sees a reset instead of the answer. */
  readonly swallow?: true;
  /** The target gets the request twice; the client gets the second answer. */
  readonly duplicate?: true;
  /** Holds the answer back. */
  readonly delayResponseMs?: number;
  /** Takes every access-control-* header off the answer; preflights of such requests too. */
  readonly dropCors?: true;
  /** Names, in lower case, to take out of access-control-expose-headers. */
  readonly hideHeaders?: readonly string[];
  /** Response headers, in lower case, to say something else. */
  readonly corruptResponseHeader?: Readonly<Record<string, string>>;
  readonly rewriteResponse?: (body: string) => string;
  /** Answers 200 at once and writes spaces until `totalMs` are over and the true body, of whatever status, is there. */
  readonly drip?: { readonly everyMs: number; readonly totalMs: number };
}

export interface RuleHandle {
  /** How often the rule has fired. */
  readonly hits: number;
  /** How many requests matched, fired or not. */
  readonly matches: number;
  remove(): void;
}
