// A problem of the configuration in one line: where, what is wrong, what is expected.
import type { BaseIssue } from 'valibot';
import { suggest } from './suggest.js';

export interface ConfigProblem {
  /** Such as `sites.pk_live_x.origins[1]` or the name of an environment variable. */
  readonly path: string;
  /** What is wrong and what is expected; never a secret. */
  readonly message: string;
  /** File and line, where the path alone leaves one searching. */
  readonly where?: string;
}

export type ConfigPath = readonly (string | number)[];

/** Fields whose values must never be shown. */
const SECRET_FIELDS: ReadonlySet<unknown> = new Set(['keyId', 'applicationKey', 'secret', 'receiptSecret']);

/** `['sites', 'pk 1', 'origins', 1]` as `sites["pk 1"].origins[1]`. */
export function formatPath(path: ConfigPath): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    if (!/^[\w$-]+$/.test(step)) return `${text}[${JSON.stringify(shorten(step))}]`;
    return text === '' ? step : `${text}.${step}`;
  }, '');
}

/** One problem on one line, as commands print it. */
export function formatProblem(problem: ConfigProblem): string {
  const place = [problem.where, problem.path].filter(Boolean).join(' ');
  return place === '' ? problem.message : `${place}: ${problem.message}`;
}

/** Puts what the schema found into words. */
export function problemOf(issue: BaseIssue<unknown>, base: ConfigPath): ConfigProblem {
  const steps = (issue.path ?? []).map(({ key }) => (typeof key === 'number' ? key : String(key)));
  const path = [...base, ...steps];
  return { path: formatPath(path), message: messageOf(issue, path) };
}

/** A value for people, without ever showing a secret. */
export function show(value: unknown, path: ConfigPath): string {
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return 'a list';
  if (typeof value !== 'string') return 'an object';
  return path.some((step) => SECRET_FIELDS.has(step)) || looksSecret(value)
    ? 'a text'
    : JSON.stringify(shorten(value));
}

function messageOf(issue: BaseIssue<unknown>, path: ConfigPath): string {
  // A field that nobody knows: the message lists the known ones (see fields() in schema.ts).
  if (issue.type === 'never') return unknownField(String(path.at(-1)), issue.message.split(' '));
  if (issue.path?.at(-1)?.origin === 'key') return `is missing; expected ${issue.message}`;
  if (issue.kind === 'validation') return `${show(issue.input, path)} ${issue.message}`;
  return `is ${show(issue.input, path)}; expected ${issue.message}`;
}

function unknownField(name: string, known: readonly string[]): string {
  const meant = suggest(name, known);
  if (meant !== undefined) return `is unknown; did you mean "${meant}"?`;
  return `is unknown; expected one of ${known.join(', ')}`;
}

/** Long and random-looking: a key that was pasted into the wrong field. */
function looksSecret(text: string): boolean {
  return /^[\w+/-]{20,}={0,2}$/.test(text) && /\d/.test(text);
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
