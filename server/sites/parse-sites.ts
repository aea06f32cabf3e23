// Turns the content of sites.json into sites, or into every problem that it has, all at once.
import { receiptDeriver } from '../derive-secret.js';
import { problemOf, type ConfigProblem } from './config-problem.js';
import { overlapProblems } from './prefix.js';
import { readSite, type SiteReport } from './read-site.js';
import { checkFile } from './schema.js';
import type { SitesWorld } from './secrets.js';
import type { Site } from './site.js';

export interface ParsedSites {
  /** Empty as soon as there is one problem: a signer never starts half-configured. */
  readonly sites: readonly Site[];
  readonly problems: readonly ConfigProblem[];
  readonly warnings: readonly string[];
}

/**
 * Reads a sites configuration.
 * @param config - The parsed content of `sites.json`.
 * @returns The sites with defaults filled in, sizes in bytes and secrets resolved; or all problems.
 */
export async function parseSites(config: unknown, world: SitesWorld): Promise<ParsedSites> {
  const file = checkFile(config);
  const entries = siteEntries(config);
  const siteWorld = { ...world, receiptSecretsOf: receiptDeriver(world.signerSecret) };
  const reports = await Promise.all(entries.map(([key, value]) => readSite({ key, value }, siteWorld)));
  const sites = reports.flatMap((report) => report.site ?? []);
  const problems = [
    ...(file.issues ?? []).map((issue) => problemOf(issue, [])),
    ...(file.success && entries.length === 0
      ? [{ path: 'sites', message: 'is empty; expected a site' }]
      : []),
    ...reports.flatMap((report: SiteReport) => report.problems),
    ...overlapProblems(sites),
  ];
  const warnings = reports.flatMap((report) => report.warnings);
  return { sites: problems.length > 0 ? [] : sites, problems, warnings };
}

function siteEntries(config: unknown): readonly (readonly [string, unknown])[] {
  if (typeof config !== 'object' || config === null || !('sites' in config)) return [];
  const { sites } = config;
  return typeof sites === 'object' && sites !== null && !Array.isArray(sites) ? Object.entries(sites) : [];
}
