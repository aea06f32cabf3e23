// The Backblaze article's environment variables as the configuration of one site, key `default`.
import type { ConfigProblem } from './config-problem.js';
import type { ParsedSites } from './parse-sites.js';
import type { SitesConfig } from './schema.js';

export const ARTICLE_VARIABLES = ['B2_ENDPOINT_URL', 'B2_BUCKET', 'B2_KEY_ID', 'B2_APPLICATION_KEY'] as const;

export const LOOPBACK_ORIGINS = ['http://localhost:*', 'http://127.0.0.1:*', 'http://[::1]:*'] as const;

/** Key of the site that the variables make. */
const SITE_KEY = 'default';

/** What each part of the configuration is called among the variables; the rest was not written by anybody. */
const VARIABLE_OF: readonly (readonly [path: string, variable: string])[] = [
  [`sites.${SITE_KEY}.storage.endpoint`, 'B2_ENDPOINT_URL'],
  [`sites.${SITE_KEY}.storage.bucket`, 'B2_BUCKET'],
  [`sites.${SITE_KEY}.storage.keyId`, 'B2_KEY_ID'],
  [`sites.${SITE_KEY}.storage.applicationKey`, 'B2_APPLICATION_KEY'],
  [`sites.${SITE_KEY}.origins`, 'ALLOWED_ORIGINS'],
];

export interface ArticleConfig {
  readonly value: SitesConfig;
  readonly signedRequest: boolean;
  readonly problems: readonly ConfigProblem[];
  readonly warnings: readonly string[];
}

/** Makes the configuration; the variables' values are judged later, as those of any site. */
export function articleConfig(
  variable: (name: string) => string | undefined,
  production: boolean,
): ArticleConfig {
  const written = variable('ALLOWED_ORIGINS')
    ?.split(',')
    .map((origin) => origin.trim())
    .filter(Boolean);
  const signedRequest = variable('SIGNED_REQUEST') ?? 'on';
  const problems = [
    ...ARTICLE_VARIABLES.filter((name) => !variable(name)).map((path) => ({ path, message: missing(path) })),
    ...(production && !written?.length ? [{ path: 'ALLOWED_ORIGINS', message: ORIGINS_MISSING }] : []),
    ...(['on', 'off'].includes(signedRequest)
      ? []
      : [{ path: 'SIGNED_REQUEST', message: `is "${signedRequest}"; expected "on" or "off"` }]),
  ];
  const site = {
    origins: written?.length ? written : [...LOOPBACK_ORIGINS],
    storage: {
      endpoint: variable('B2_ENDPOINT_URL') ?? '',
      bucket: variable('B2_BUCKET') ?? '',
      keyId: { env: 'B2_KEY_ID' },
      applicationKey: { env: 'B2_APPLICATION_KEY' },
    },
    // As on the local bucket: who tries it there finds the same here.
    image: { maxWidth: 2048, maxHeight: 2048 },
  };
  const warnings = written?.length ? [] : [ORIGINS_DEFAULT];
  return {
    value: { sites: { [SITE_KEY]: site } },
    signedRequest: signedRequest !== 'off',
    problems,
    warnings,
  };
}

/** Says `B2_BUCKET` where a problem or warning says `sites.default.storage.bucket`. */
export function inArticleWords(parsed: ParsedSites): ParsedSites {
  return {
    ...parsed,
    problems: parsed.problems.map((problem) => ({ ...problem, path: rename(problem.path) })),
    // Warnings of other fields are about what nobody wrote, such as the short site key.
    warnings: parsed.warnings.map(rename).filter((warning) => !warning.startsWith('sites.')),
  };
}

const ORIGINS_MISSING = 'is missing; expected the origins of your pages, such as "https://www.example.com"';
const ORIGINS_DEFAULT =
  'ALLOWED_ORIGINS: is not set, so only pages on localhost may upload; set it to the origins of your pages';

function missing(name: string): string {
  const others = ARTICLE_VARIABLES.filter((other) => other !== name).join(', ');
  return `is missing; expected together with ${others}`;
}

function rename(text: string): string {
  const known = VARIABLE_OF.find(([path]) => text.startsWith(path));
  return known
    ? text.replace(known[0], known[1]).replace(/^ALLOWED_ORIGINS\[\d+\]/, 'ALLOWED_ORIGINS')
    : text;
}
