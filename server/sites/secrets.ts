// Secrets of the configuration: follows references, judges length and origin, and never repeats a value.
import { formatPath, type ConfigPath, type ConfigProblem } from './config-problem.js';
import type { SecretReference } from './schema.js';

/** Bytes; as long as the output of the SHA-256 that they key. */
export const MIN_SECRET_BYTES = 32;

/** Gives the text behind a reference; `undefined` when there is none. */
export type ReadSecret = (reference: SecretReference) => string | undefined;

/** What the configuration refers to but does not contain. */
export interface SitesWorld {
  readonly readSecret: ReadSecret;
  /** Refuses what is fine on a developer's machine only. */
  readonly production: boolean;
  /** Source of the receipt secrets that sites do not set; `current,previous` while rotating. */
  readonly signerSecret: string;
}

/** The secrets of a site by their path within it; empty where something is wrong. */
export type SiteSecrets = ReadonlyMap<string, readonly string[]>;

/** `ours` signs what we issue: long, and two while rotating. `provider` was made by the storage provider: taken as it is. */
export type SecretKind = 'ours' | 'provider';

export interface SecretField {
  readonly path: ConfigPath;
  readonly value: unknown;
  readonly kind: SecretKind;
}

export interface ResolvedSecret {
  /** The current one first, then the previous one; empty when something is wrong. */
  readonly secrets: readonly string[];
  readonly problem?: ConfigProblem;
  readonly warning?: string;
}

/** Resolves one secret of the configuration. A value of another type is left to the schema. */
export function resolveSecret(field: SecretField, read: ReadSecret): ResolvedSecret {
  const reference = referenceOf(field.value);
  if (reference === undefined) {
    return typeof field.value === 'string' ? literal(field, field.value) : { secrets: [] };
  }
  const found = read(reference)?.replace(/\r?\n$/, 'file' in reference ? '' : '$&');
  const source = 'env' in reference ? `environment variable ${reference.env}` : `file ${reference.file}`;
  const wrong = found === undefined ? 'is not set or unreadable' : textProblem(found);
  if (wrong !== undefined) return fault(field, `${source} ${wrong}`);
  return judge(field, { text: found ?? '', source });
}

/**
 * What is wrong with a secret of ours, or nothing.
 * @param secret - Without the comma that joins two while rotating.
 */
export function secretProblem(secret: string): string | undefined {
  const bytes = new TextEncoder().encode(secret).length;
  if (bytes < MIN_SECRET_BYTES) {
    return `is shorter than ${MIN_SECRET_BYTES} bytes; expected a random one, for example from: openssl rand -base64 48`;
  }
  if (/change[-_ ]?me|replace[-_ ]?me|your[-_ ]secret/i.test(secret)) {
    return 'is a placeholder; expected a random one, for example from: openssl rand -base64 48';
  }
  return undefined;
}

/** What copying into a file or shell does to a secret. */
export function textProblem(text: string): string | undefined {
  if (text === '') return 'is empty';
  if (/[\r\n]/.test(text)) return 'has a line break in it';
  if (text !== text.trim()) return 'has spaces at its start or end';
  if (/^(["']).*\1$/.test(text)) return 'has quotes around it';
  return undefined;
}

function literal(field: SecretField, text: string): ResolvedSecret {
  const wrong = textProblem(text);
  if (wrong !== undefined) return fault(field, wrong);
  const judged = judge(field, { text, source: 'it' });
  // The key ID stands in every presigned URL: it is a name, not a secret.
  if (judged.problem || field.path.at(-1) === 'keyId') return judged;
  const warning = `${formatPath(field.path)}: the secret itself is in the file; use a reference such as {"env": "NAME"}`;
  return { ...judged, warning };
}

function judge(
  field: SecretField,
  found: { readonly text: string; readonly source: string },
): ResolvedSecret {
  if (field.kind === 'provider') return { secrets: [found.text] };
  const secrets = found.text.split(',').map((part) => part.trim());
  if (secrets.length > 2)
    return fault(field, `${found.source} has more than two parts; expected "current,previous"`);
  const wrong = secrets.map(secretProblem).find((problem) => problem !== undefined);
  return wrong === undefined ? { secrets } : fault(field, `${found.source} ${wrong}`);
}

function referenceOf(value: unknown): SecretReference | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if ('env' in value && typeof value.env === 'string' && value.env !== '') return { env: value.env };
  if ('file' in value && typeof value.file === 'string' && value.file !== '') return { file: value.file };
  return undefined;
}

function fault(field: SecretField, message: string): ResolvedSecret {
  return { secrets: [], problem: { path: formatPath(field.path), message } };
}
