// Reads one site of sites.json: every check runs, whatever the others found.
import { formatOriginPattern, parseOriginPattern } from '../origin.js';
import { acceptProblem } from './accept-tokens.js';
import { buildSite } from './build-site.js';
import { formatPath, problemOf, show, type ConfigProblem } from './config-problem.js';
import { checkSite } from './schema.js';
import {
  resolveSecret,
  type ResolvedSecret,
  type SecretKind,
  type SiteSecrets,
  type SitesWorld,
} from './secrets.js';
import { siteKeyProblem, siteKeyWarning } from './site-key.js';
import { relationProblems, siteWarnings } from './site-relations.js';
import type { OriginPattern, Site } from './site.js';

export interface SiteReport {
  /** Absent as soon as there is one problem. */
  readonly site?: Site;
  readonly problems: readonly ConfigProblem[];
  readonly warnings: readonly string[];
}

export interface SiteWorld extends SitesWorld {
  /** Receipt secrets for a site that sets none: one from each of the signer's, so that rotating works for both. */
  readonly receiptSecretsOf: (siteKey: string) => Promise<readonly string[]>;
}

interface Entry {
  readonly key: string;
  readonly value: unknown;
}

interface Finding<Value> {
  readonly found: Value;
  readonly problems: readonly ConfigProblem[];
  readonly warnings: readonly string[];
}

const SECRETS: readonly (readonly [path: string, kind: SecretKind])[] = [
  ['storage.keyId', 'provider'],
  ['storage.applicationKey', 'provider'],
  ['grant.secret', 'ours'],
  ['receiptSecret', 'ours'],
  ['webhook.secret', 'ours'],
  ['backup.storage.keyId', 'provider'],
  ['backup.storage.applicationKey', 'provider'],
];

/** Reads and checks one site. */
export async function readSite(entry: Entry, world: SiteWorld): Promise<SiteReport> {
  const path = formatPath(['sites', entry.key]);
  const keyProblem = siteKeyProblem(entry.key);
  const keyWarning = siteKeyWarning(entry.key);
  const checked = checkSite(entry.value);
  const origins = readOrigins(entry, world.production);
  const secrets = readSecrets(entry, world);
  const config = checked.success ? checked.output : undefined;
  const problems = [
    ...(keyProblem === undefined ? [] : [{ path, message: keyProblem }]),
    ...(checked.issues ?? []).map((issue) => problemOf(issue, ['sites', entry.key])),
    ...origins.problems,
    ...acceptProblems(entry),
    ...secrets.problems,
    ...(config ? relationProblems(entry.key, { config, secrets: secrets.found }) : []),
  ];
  const warnings = [
    ...(keyWarning === undefined ? [] : [`${path}: ${keyWarning}`]),
    ...origins.warnings,
    ...secrets.warnings,
    ...(config ? siteWarnings(entry.key, config) : []),
  ];
  if (config === undefined || problems.length > 0) return { problems, warnings };
  const found = { origins: origins.found, secrets: await withReceiptSecret(entry.key, secrets.found, world) };
  return { site: buildSite({ key: entry.key, config, ...found }), problems, warnings };
}

async function withReceiptSecret(key: string, secrets: SiteSecrets, world: SiteWorld): Promise<SiteSecrets> {
  if (secrets.get('receiptSecret')?.length) return secrets;
  return new Map([...secrets, ['receiptSecret', await world.receiptSecretsOf(key)]]);
}

function readOrigins({ key, value }: Entry, production: boolean): Finding<readonly OriginPattern[]> {
  const found: OriginPattern[] = [];
  const problems: ConfigProblem[] = [];
  const warnings: string[] = [];
  for (const [index, text] of textsAt(value, 'origins')) {
    const path = formatPath(['sites', key, 'origins', index]);
    const parsed = parseOriginPattern(text, { production });
    if ('problem' in parsed) {
      problems.push({ path, message: `${show(text, [])} ${parsed.problem}` });
      continue;
    }
    if (parsed.note !== undefined) warnings.push(`${path}: ${show(text, [])} ${parsed.note}`);
    if (found.some((other) => formatOriginPattern(other) === formatOriginPattern(parsed.pattern))) {
      warnings.push(`${path}: ${show(text, [])} is listed twice`);
    } else found.push(parsed.pattern);
  }
  return { found, problems, warnings };
}

function acceptProblems({ key, value }: Entry): readonly ConfigProblem[] {
  const unsafeActiveTypes = at(value, ['unsafeActiveTypes']) === true;
  return textsAt(value, 'accept').flatMap(([index, text]) => {
    const problem = acceptProblem(text, unsafeActiveTypes);
    if (problem === undefined) return [];
    return [{ path: formatPath(['sites', key, 'accept', index]), message: `${show(text, [])} ${problem}` }];
  });
}

function readSecrets({ key, value }: Entry, world: SitesWorld): Finding<SiteSecrets> {
  const all = SECRETS.map(([name, kind]): readonly [string, ResolvedSecret] => {
    const steps = name.split('.');
    const field = { path: ['sites', key, ...steps], value: at(value, steps), kind };
    return [name, resolveSecret(field, world.readSecret)];
  });
  return {
    found: new Map(all.map(([name, { secrets }]) => [name, secrets])),
    problems: all.flatMap(([, { problem }]) => problem ?? []),
    warnings: all.flatMap(([, { warning }]) => warning ?? []),
  };
}

/** The texts of a list, with their places; whatever else is there is the schema's business. */
function textsAt(value: unknown, name: string): readonly (readonly [number, string])[] {
  const list = at(value, [name]);
  if (!Array.isArray(list)) return [];
  return list.flatMap((item: unknown, index) =>
    typeof item === 'string' && item ? [[index, item] as const] : [],
  );
}

/** What lies at a path, or `undefined`. */
function at(value: unknown, steps: readonly string[]): unknown {
  return steps.reduce<unknown>((inner, step) => {
    if (typeof inner !== 'object' || inner === null || !Object.hasOwn(inner, step)) return undefined;
    const next: unknown = Reflect.get(inner, step);
    return next;
  }, value);
}
