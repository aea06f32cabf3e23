// Images scaled in a real browser, side by side: ours, the browser's own ways and the peers, in alternating rounds.
import { installPeers } from '../peers.js';
import { launchBrowser } from '../protocol-pipe.js';
import { MAX_RESIZER_BYTES, type BenchCase } from './cases.js';
import { PEERS, type ContenderSpec } from './contenders.js';
import { readOptions, USAGE, UsageError, type BenchOptions } from './options.js';
import { servePages, weighResizer } from './page-host.js';
import { makePhotos } from './photos.js';
import { sharpsRings } from './quality.js';
import { runContender, type Ring, type RunResult } from './run-contender.js';
import { judge, LEGEND, table } from './summary.js';

try {
  const options = readOptions(process.argv.slice(2));
  if (options === 'help') console.log(USAGE);
  else process.exitCode = (await benchAll(options)) ? 0 : 1;
} catch (error) {
  console.error(error instanceof UsageError ? `${error.message}\n\n${USAGE}` : error);
  process.exitCode = error instanceof UsageError ? 64 : 1;
}

/** @returns Whether every picture of ours came out. Slowness is shown, and fails nothing. */
async function benchAll({ cases, rounds, contenders: wanted }: BenchOptions): Promise<boolean> {
  const closers: (() => unknown)[] = [];
  try {
    const needsPeers = wanted.some(({ isPeer }) => isPeer);
    const peers = needsPeers ? installPeers('b2-uploader-bench-resize', PEERS) : undefined;
    const contenders = wanted.filter(({ isPeer }) => !isPeer || peers !== undefined);
    if (contenders.length < wanted.length) console.error('The peers could not be fetched: without them.');
    const pages = await servePages(contenders, peers);
    closers.push(() => pages.close());
    const browser = await launchBrowser();
    closers.push(() => browser.close());

    let isWhole = true;
    for (const bench of cases) {
      const paths = await makePhotos(bench.files);
      const chosen = bench.contenders.flatMap((name) => contenders.filter((other) => other.name === name));
      const run = { bench, paths, contenders: chosen, rounds: bench.judges === 'time' ? rounds : 1 };
      isWhole = (await benchCase({ browser, pages }, run)) && isWhole;
    }
    console.log(`\n${verdictOfSize(await weighResizer())}\n\n${LEGEND}`);
    return isWhole;
  } finally {
    for (const close of closers.toReversed()) await close();
  }
}

function verdictOfSize(bytes: number): string {
  const [size, limit] = [bytes, MAX_RESIZER_BYTES].map((count) => (count / 1e3).toFixed(1));
  return `  ${bytes <= MAX_RESIZER_BYTES ? 'ok  ' : 'OVER'} ours: the resizer alone ${size} kB gzip, target ≤ ${limit}`;
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
  for (let round = 0; round < rounds; round += 1) {
    // They take turns, and who begins changes.
    for (const contender of round % 2 ? contenders.toReversed() : contenders) {
      const result = await runContender(ring, { bench, paths, contender });
      const fault = result ? result.fault : 'gave up waiting';
      if (result && !fault) runs.get(contender.name)?.push(result);
      if (!fault) continue;
      // What was not done has no time.
      console.error(`  ${bench.name}, ${contender.name}: ${fault}`);
      isWhole &&= contender.script !== 'ours';
    }
  }
  const finished = new Map([...runs].filter(([, results]) => results.length > 0));
  console.log(`\n${bench.title}${rounds > 1 ? `, ${rounds} rounds` : ''}\n${table(bench, finished)}`);
  if (bench.judges === 'rings') {
    const { aliasRms, contrast } = await sharpsRings(paths[0] ?? '');
    console.log(`(sharp itself: alias ${aliasRms.toFixed(1)}, contrast ${contrast.toFixed(3)})`);
  }
  for (const { text, isMet } of judge(bench.targets, finished))
    console.log(`  ${isMet ? 'ok  ' : 'OVER'} ${text}`);
  return isWhole;
}
