// Uploads in a real browser, side by side: ours, the floor and the peers, in alternating rounds on loopback.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startProcess } from '../../support/test-process.js';
import { createFiles } from './bench-files.js';
import { judge, type BenchCase } from './cases.js';
import { PEERS, type ContenderSpec } from './contenders.js';
import { readOptions, USAGE, UsageError, type BenchOptions } from './options.js';
import { servePages } from './page-host.js';
import { installPeers } from '../peers.js';
import { launchBrowser } from '../protocol-pipe.js';
import { runContender, type Ring, type RunResult } from './run-contender.js';
import { startServers } from './servers.js';
import { LEGEND, summarize, table } from './summary.js';

try {
  const options = readOptions(process.argv.slice(2));
  if (options === 'help') console.log(USAGE);
  else process.exitCode = (await benchAll(options)) ? 0 : 1;
} catch (error) {
  console.error(error instanceof UsageError ? `${error.message}\n\n${USAGE}` : error);
  process.exitCode = error instanceof UsageError ? 64 : 1;
}

/** @returns Whether every byte arrived, once. Slowness is shown, and fails nothing. */
async function benchAll({ cases, rounds, contenders: wanted, serverFlags }: BenchOptions): Promise<boolean> {
  const closers: (() => unknown)[] = [];
  try {
    const peers = wanted.some(({ isPeer }) => isPeer) ? installPeers('b2-uploader-bench', PEERS) : undefined;
    const contenders = wanted.filter(({ isPeer }) => !isPeer || peers !== undefined);
    if (contenders.length < wanted.length) console.error('The peers could not be fetched: without them.');
    const servers = await startServers(serverFlags);
    closers.push(() => servers.stop());
    const real = contenders.some(({ isReal }) => isReal) ? await startProcess() : undefined;
    closers.push(() => real?.close());
    const pages = await servePages(contenders, peers);
    closers.push(() => pages.close());
    const folder = await mkdtemp(join(tmpdir(), 'b2-uploader-bench-'));
    closers.push(() => rm(folder, { recursive: true, force: true }));
    const browser = await launchBrowser();
    closers.push(() => browser.close());
    const addressOf = (contender: ContenderSpec): string =>
      pages.addressOf(contender, contender.isReal && real ? real.url : servers.signer);
    const ring: Ring = { browser, servers, addressOf };

    let isWhole = true;
    for (const bench of cases) {
      const paths = await createFiles(folder, bench);
      const chosen = bench.contenders.flatMap((name) => contenders.filter((other) => other.name === name));
      isWhole = (await benchCase(ring, { bench, paths, rounds, contenders: chosen })) && isWhole;
      await Promise.all(paths.map((path) => rm(path)));
    }
    console.log(`\n${LEGEND}`);
    return isWhole;
  } finally {
    for (const close of closers.toReversed()) await close();
  }
}

interface CaseRun {
  readonly bench: BenchCase;
  readonly paths: readonly string[];
  readonly rounds: number;
  readonly contenders: readonly ContenderSpec[];
}

async function benchCase(ring: Ring, { bench, paths, rounds, contenders }: CaseRun): Promise<boolean> {
  const runs = new Map<string, RunResult[]>(contenders.map(({ name }) => [name, []]));
  let isWhole = true;
  const [first] = contenders;
  // Warms the servers and the system's cache of the files.
  if (first) await runContender(ring, { bench, paths, contender: first });
  for (let round = 0; round < rounds; round += 1) {
    // They take turns, and who begins changes.
    for (const contender of round % 2 ? contenders.toReversed() : contenders) {
      const result = await runContender(ring, { bench, paths, contender });
      const fault = result ? result.fault : 'gave up waiting';
      if (result && !fault) runs.get(contender.name)?.push(result);
      if (!fault) continue;
      // What was not done has no time.
      console.error(`  ${contender.name}: ${fault}`);
      isWhole &&= contender.script !== 'ours';
    }
  }
  const finished = [...runs].filter(([, results]) => results.length > 0);
  const summaries = new Map(finished.map(([name, results]) => [name, summarize(results)]));
  const floor = bench.contenders[0] ?? 'floor';
  console.log(`\n${bench.title}, ${rounds} rounds\n${table(summaries, floor)}\n`);
  for (const { text, isMet } of judge(bench.targets, summaries))
    console.log(`  ${isMet ? 'ok  ' : 'OVER'} ${text}`);
  return isWhole;
}
