// Reads all settings of the signer from environment variables, and reports every problem at once.
import { deriveSecret } from '../derive-secret.js';
import { articleConfig, ARTICLE_VARIABLES, inArticleWords } from './article-site.js';
import { formatProblem, type ConfigProblem } from './config-problem.js';
import { readListening, type Listening } from './listening.js';
import { parseJson } from './parse-json.js';
import { parseSites, type ParsedSites } from './parse-sites.js';
import { secretProblem, textProblem, type ReadSecret, type SitesWorld } from './secrets.js';
import type { Site } from './site.js';

/** Environment variables by name; an empty one counts as not set. */
export type Environment = Readonly<Record<string, string | undefined>>;

export type ReadFile = (path: string) => { readonly text: string } | { readonly problem: string };

/** Where the sites come from. */
export type SitesSource = 'local-bucket' | 'article' | 'sites-file' | 'sites-json';

export interface Settings extends Listening {
  readonly source: SitesSource;
  /** Null: the local bucket keeps a random one in its folder. */
  readonly signerSecret: string | null;
  /** Null: the local bucket makes its own site. */
  readonly sites: readonly Site[] | null;
}

export interface ReadSettings {
  /** Absent as soon as there is one problem. */
  readonly settings?: Settings;
  readonly problems: readonly ConfigProblem[];
  readonly warnings: readonly string[];
}

type Reading<Value> = {
  readonly value: Value;
  readonly problems: readonly ConfigProblem[];
  readonly warnings: readonly string[];
};

const NO_SITES: ParsedSites = { sites: [], problems: [], warnings: [] };
const IGNORED_SO_FAR = ['REDIS_URL', 'ADMIN_TOKEN'] as const;

/** Reads and checks the settings. */
export async function readSettings(env: Environment, readFile: ReadFile): Promise<ReadSettings> {
  const variable = (name: string) => env[name] || undefined;
  const source = sourceOf(variable);
  const listening = readListening(variable, { loopback: source.value === 'local-bucket' });
  const secret = await readSignerSecret(variable, source.value);
  const world = {
    production: listening.value.production,
    readSecret: secretReader(env, readFile),
    signerSecret: secret.value ?? '',
  };
  const sites =
    source.problems.length > 0 ? NO_SITES : await readSites(source.value, { variable, readFile, world });
  const parts = [source, listening, secret, sites];
  const problems = parts.flatMap((part) => part.problems);
  const warnings = [...parts.flatMap((part) => part.warnings), ...notYet(variable)];
  if (problems.length > 0) return { problems, warnings };
  const settings = {
    ...listening.value,
    source: source.value,
    signerSecret: secret.value,
    sites: source.value === 'local-bucket' ? null : sites.sites,
  };
  return { settings, problems, warnings };
}

type Variable = (name: string) => string | undefined;

function sourceOf(variable: Variable): Reading<SitesSource> {
  const given = [
    ...(variable('SITES_FILE') ? [{ source: 'sites-file' as const, name: 'SITES_FILE' }] : []),
    ...(variable('SITES_JSON') ? [{ source: 'sites-json' as const, name: 'SITES_JSON' }] : []),
    ...(ARTICLE_VARIABLES.some(variable) ? [{ source: 'article' as const, name: 'B2_…' }] : []),
  ];
  const message = 'are set together; expected only one of SITES_FILE, SITES_JSON and the B2_ variables';
  const problems = given.length > 1 ? [{ path: given.map(({ name }) => name).join(' and '), message }] : [];
  const value = given[0]?.source ?? 'local-bucket';
  const unused = ['ALLOWED_ORIGINS', 'SIGNED_REQUEST'].filter(
    (name) => value !== 'article' && variable(name),
  );
  const warnings = unused.map((name) => `${name}: goes with the B2_ variables and is ignored without them`);
  return { value, problems, warnings };
}

async function readSignerSecret(variable: Variable, source: SitesSource): Promise<Reading<string | null>> {
  const path = 'SIGNER_SECRET';
  const given = variable(path);
  const nothing = { value: null, problems: [], warnings: [] };
  if (given !== undefined) {
    const parts = given.split(',').map((part) => part.trim());
    const wrong = textProblem(given) ?? parts.map(secretProblem).find((problem) => problem !== undefined);
    return { ...nothing, value: given, problems: wrong === undefined ? [] : [{ path, message: wrong }] };
  }
  if (source === 'local-bucket') return nothing;
  const applicationKey = variable('B2_APPLICATION_KEY');
  if (source === 'article') {
    return { ...nothing, value: await deriveSecret(applicationKey ?? '', 'signer-secret') };
  }
  const message = 'is missing; expected 32 random bytes or more, for example from: openssl rand -base64 48';
  return { ...nothing, problems: [{ path, message }] };
}

interface SourceWorld {
  readonly variable: Variable;
  readonly readFile: ReadFile;
  readonly world: SitesWorld;
}

async function readSites(
  source: SitesSource,
  { variable, readFile, world }: SourceWorld,
): Promise<ParsedSites> {
  switch (source) {
    case 'local-bucket':
      return NO_SITES;
    case 'article': {
      const article = articleConfig(variable, world.production);
      if (article.problems.length > 0) return { ...article, sites: [] };
      const parsed = inArticleWords(await parseSites(article.value, world));
      const sites = parsed.sites.map((site) => ({ ...site, signedRequest: article.signedRequest }));
      return { ...parsed, sites, warnings: [...article.warnings, ...parsed.warnings] };
    }
    case 'sites-json':
      return readJsonSites(variable('SITES_JSON') ?? '', { where: 'SITES_JSON', world });
    case 'sites-file': {
      const path = variable('SITES_FILE') ?? '';
      const file = readFile(path);
      if ('problem' in file)
        return { ...NO_SITES, problems: [{ path: 'SITES_FILE', message: file.problem }] };
      return readJsonSites(file.text, { where: path, world });
    }
    default:
      return source satisfies never;
  }
}

async function readJsonSites(
  text: string,
  { where, world }: { readonly where: string; readonly world: SitesWorld },
): Promise<ParsedSites> {
  const json = parseJson(text);
  if ('problem' in json) {
    const place = `${where}:${json.line}:${json.column}`;
    return { ...NO_SITES, problems: [{ path: '', where: place, message: `is not JSON: ${json.problem}` }] };
  }
  const parsed = await parseSites(json.value, world);
  const locate = (problem: ConfigProblem): ConfigProblem => {
    const line = json.lineOf(problem.path);
    return { ...problem, where: line === undefined ? where : `${where}:${line}` };
  };
  return { ...parsed, problems: parsed.problems.map(locate) };
}

function secretReader(env: Environment, readFile: ReadFile): ReadSecret {
  return (reference) => {
    if ('env' in reference) return env[reference.env];
    const file = readFile(reference.file);
    return 'text' in file ? file.text : undefined;
  };
}

function notYet(variable: Variable): readonly string[] {
  return IGNORED_SO_FAR.filter(variable).map((path) =>
    formatProblem({ path, message: 'is configured, but this version does not act on it yet' }),
  );
}
