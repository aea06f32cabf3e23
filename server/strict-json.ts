// JSON as it is meant: no duplicate keys, no prototype keys, no bottomless nesting.
import { ProblemError } from './problem.js';

const MAX_DEPTH = 8;
const POLLUTING = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Parses a request body.
 * @throws {ProblemError} `invalid-json` for bytes that are not UTF-8 JSON or repeat a key, `invalid-request` for
 * nesting beyond eight levels or a key that could reach a prototype.
 */
export function parseStrictJson(bytes: Uint8Array): unknown {
  const text = decodeUtf8(bytes);
  const value = parse(text);
  // A parser keeps the last of two equal keys; a gateway before us may have judged the first.
  if (countKeys(value) !== countKeysInText(text))
    throw new ProblemError('invalid-json', 'A key is given twice.');
  return value;
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new ProblemError('invalid-json', 'The body is not valid UTF-8.', { cause });
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ProblemError('invalid-json', 'The body is not valid JSON.', { cause });
  }
}

/** Walks without recursion: V8 parses nesting that would overflow a recursive walk. */
function countKeys(root: unknown): number {
  let keys = 0;
  let level: unknown[] = [root];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAX_DEPTH)
      throw new ProblemError('invalid-request', `The body nests deeper than ${MAX_DEPTH} levels.`);
    const next: unknown[] = [];
    for (const value of level) {
      if (typeof value !== 'object' || value === null) continue;
      if (!Array.isArray(value)) keys += harmlessKeys(value);
      for (const child of Object.values(value)) next.push(child);
    }
    level = next;
  }
  return keys;
}

function harmlessKeys(value: object): number {
  const keys = Object.keys(value);
  const bad = keys.find((key) => POLLUTING.has(key));
  if (bad !== undefined)
    throw new ProblemError('invalid-request', `The key "${bad}" is not allowed.`, { field: bad });
  return keys.length;
}

/** In valid JSON a string followed by a colon is always a key. */
function countKeysInText(text: string): number {
  let keys = 0;
  for (const match of text.matchAll(/"(?:[^"\\]|\\.)*"\s*(:?)/g)) if (match[1] === ':') keys += 1;
  return keys;
}
