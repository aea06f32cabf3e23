// The libraries that the bench compares with: installed when it runs, in exact versions, never part of the project.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Exact versions by package name. */
export type Peers = Readonly<Record<string, string>>;

const CACHE = resolve(import.meta.dirname, '../../node_modules/.cache');

/**
 * @param folderName - Of a bench's own: what npm installs for one, it removes for another.
 * @returns The folder that bundlers find the peers in; undefined when npm could not fetch them.
 */
export function installPeers(folderName: string, peers: Peers): string | undefined {
  const folder = join(CACHE, folderName);
  const modules = join(folder, 'node_modules');
  const isThere = ([name, version]: [string, string]): boolean => installedVersion(modules, name) === version;
  if (Object.entries(peers).every(isThere)) return modules;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies: peers }));
  console.error('Fetching the peers …');
  const { status } = spawnSync(
    'npm',
    [
      'install',
      '--prefix',
      folder,
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--fetch-retries',
      '0',
      '--loglevel',
      'silent',
    ],
    { stdio: ['ignore', 'ignore', 'inherit'], timeout: 120_000 },
  );
  return status === 0 ? modules : undefined;
}

function installedVersion(modules: string, name: string): string | undefined {
  const path = join(modules, name, 'package.json');
  if (!existsSync(path)) return undefined;
  return (JSON.parse(readFileSync(path, 'utf8')) as { readonly version: string }).version;
}
