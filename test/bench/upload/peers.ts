// The libraries that the bench compares with: installed when it runs, in exact versions, never part of the project.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const PEERS: Readonly<Record<string, string>> = {
  '@uppy/aws-s3': '6.3.1',
  '@uppy/core': '6.3.1',
  '@uppy/dashboard': '6.0.3',
  dropzone: '6.3.5',
  filepond: '4.32.12',
};
const FOLDER = resolve(import.meta.dirname, '../../../node_modules/.cache/b2-uploader-bench');

/** @returns The folder that bundlers find the peers in; undefined when npm could not fetch them. */
export function installPeers(): string | undefined {
  const modules = join(FOLDER, 'node_modules');
  if (Object.entries(PEERS).every(([name, version]) => installedVersion(name) === version)) return modules;
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(join(FOLDER, 'package.json'), JSON.stringify({ private: true, dependencies: PEERS }));
  console.error('Fetching the peers …');
  const { status } = spawnSync(
    'npm',
    [
      'install',
      '--prefix',
      FOLDER,
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

function installedVersion(name: string): string | undefined {
  const path = join(FOLDER, 'node_modules', name, 'package.json');
  if (!existsSync(path)) return undefined;
  return (JSON.parse(readFileSync(path, 'utf8')) as { readonly version: string }).version;
}
