// One upload of one case by one contender, on a fresh page, watched from the page, from storage and from the system.
import { openPage, type BenchPage } from '../bench-page.js';
import type { BenchCase } from './cases.js';
import type { ContenderSpec } from './contenders.js';
import type { PageResult } from './page/harness.js';
import type { ProtocolPipe } from '../protocol-pipe.js';
import { watchRendererMemory } from '../renderer-memory.js';
import { untilCalm } from '../until-calm.js';
import type { ServerReport } from './server/serve.js';
import { INTEGRITY_SITE } from './server/stub-signer.js';
import type { BenchServers } from './servers.js';

const PATIENCE_MS = 120_000;
const PATIENCE_PER_GB_MS = 60_000;
const POINTER = { x: 200, y: 100 };

export interface Ring {
  readonly browser: ProtocolPipe;
  readonly servers: BenchServers;
  /** Address of a contender's page. */
  readonly addressOf: (contender: ContenderSpec) => string;
}

export interface Bout {
  readonly contender: ContenderSpec;
  readonly bench: BenchCase;
  readonly paths: readonly string[];
}

export interface RunResult {
  readonly wallMs: number;
  readonly longTaskMs: number;
  readonly blockMs: number;
  readonly signerCalls: number;
  /** Unknown with the real bucket. */
  readonly puts: number | undefined;
  readonly peakBytes: number | undefined;
  /** What is missing or too much; undefined when every byte is there once. */
  readonly fault: string | undefined;
}

/** @returns Undefined when the contender did not finish in time. */
export async function runContender(ring: Ring, bout: Bout): Promise<RunResult | undefined> {
  await ring.servers.reset();
  const { name } = bout.contender;
  const url = ring.addressOf(bout.contender);
  const page = await openPage(ring.browser, url, (text) => console.error(`  ${name}: ${text}`));
  try {
    return await measure(ring, bout, page);
  } finally {
    await page.close();
  }
}

async function measure(
  { browser, servers }: Ring,
  { contender, bench, paths }: Bout,
  page: BenchPage,
): Promise<RunResult | undefined> {
  await page.evaluate('benchReady()');
  await page.chooseFiles('#files', paths);
  // Files come by hand: the pointer is over the page before they do.
  await page.point(POINTER.x, POINTER.y);
  await page.collectGarbage();
  await untilCalm(browser);

  const memory = await watchRendererMemory(browser);
  const patienceMs = PATIENCE_MS + (PATIENCE_PER_GB_MS * bench.files.count * bench.files.bytes) / 1e9;
  const patience = `new Promise((resolve) => setTimeout(resolve, ${patienceMs}))`;
  const result = await page.evaluate<PageResult | undefined>(`Promise.race([benchRun(), ${patience}])`);
  const peakBytes = memory.stop();
  if (!result) return undefined;
  const { wallMs, longTaskMs, blockMs } = result;
  const spent = { wallMs, longTaskMs, blockMs, peakBytes };
  if (contender.isReal) {
    const fault = faultOnPage(bench, result);
    return { ...spent, signerCalls: result.signerCalls, puts: undefined, fault };
  }
  const report = await servers.report();
  const fault =
    faultOnPage(bench, result) ?? faultInStorage(bench, report) ?? faultInDigests(contender, report);
  return { ...spent, signerCalls: report.signerCalls, puts: report.puts, fault };
}

function faultOnPage({ files }: BenchCase, { uploaded }: PageResult): string | undefined {
  return uploaded === files.count ? undefined : `${uploaded} of ${files.count} files were finished`;
}

function faultInStorage({ files }: BenchCase, report: ServerReport): string | undefined {
  const { objects, storedBytes, receivedBytes, refusals } = report;
  const bytes = files.count * files.bytes;
  if (objects !== files.count) return `storage holds ${objects} of ${files.count} objects`;
  if (storedBytes !== bytes) return `storage holds ${storedBytes} of ${bytes} bytes`;
  if (receivedBytes !== bytes) return `${receivedBytes - bytes} bytes were sent twice`;
  return refusals === 0 ? undefined : `storage refused ${refusals} requests`;
}

/** A promise of integrity that costs nothing is one that was not kept. */
function faultInDigests({ siteKey }: ContenderSpec, { puts, digests }: ServerReport): string | undefined {
  const expected = siteKey === INTEGRITY_SITE ? puts : 0;
  return digests === expected
    ? undefined
    : `${digests} of ${puts} requests carried a digest, not ${expected}`;
}
