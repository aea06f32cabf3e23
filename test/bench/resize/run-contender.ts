// One run of one case by one contender, on a fresh page, watched from the page and from the system.
import { openPage, type BenchPage } from '../bench-page.js';
import type { ProtocolPipe } from '../protocol-pipe.js';
import { watchRendererMemory } from '../renderer-memory.js';
import { traceTasks } from '../trace-tasks.js';
import { untilCalm } from '../until-calm.js';
import { MAX_SIDE, type BenchCase } from './cases.js';
import type { ContenderSpec } from './contenders.js';
import type { PageHost } from './page-host.js';
import type { PageResult } from './page/harness.js';
import { compareWithSharp, measureRings, type Likeness, type Rings } from './quality.js';

const PATIENCE_MS = 60_000;
const PATIENCE_PER_FILE_MS = 10_000;

export interface Ring {
  readonly browser: ProtocolPipe;
  readonly pages: PageHost;
}

export interface Bout {
  readonly contender: ContenderSpec;
  readonly bench: BenchCase;
  readonly paths: readonly string[];
}

export interface RunResult extends Partial<Likeness>, Partial<Rings> {
  readonly wallMs: number | undefined;
  readonly longTaskMs: number | undefined;
  readonly blockMs: number | undefined;
  /** The longest task of the main thread, in processor time. */
  readonly busyMs: number | undefined;
  readonly peakBytes: number | undefined;
  /** All results together. */
  readonly resultBytes: number | undefined;
  /** Gzip of the scripts that were loaded to scale. */
  readonly codeBytes: number | undefined;
  /** What is wrong with a result; undefined when nothing is. */
  readonly fault: string | undefined;
}

/** @returns Undefined when the contender did not finish in time. */
export async function runContender(ring: Ring, bout: Bout): Promise<RunResult | undefined> {
  const { name } = bout.contender;
  const url = ring.pages.addressOf(bout.contender, bout.bench);
  const page = await openPage(ring.browser, url, (text) => console.error(`  ${name}: ${text}`));
  try {
    return await measure(ring, bout, page);
  } finally {
    await page.close();
  }
}

async function measure(
  { browser, pages }: Ring,
  { contender, bench, paths }: Bout,
  page: BenchPage,
): Promise<RunResult | undefined> {
  await page.chooseFiles('#files', paths);
  await page.evaluate('resizeReady()');
  await page.collectGarbage();
  await untilCalm(browser);

  const endTrace = bench.judges === 'time' ? await traceTasks(browser) : undefined;
  const memory = await watchRendererMemory(browser);
  const patienceMs = PATIENCE_MS + PATIENCE_PER_FILE_MS * paths.length;
  const patience = `new Promise((resolve) => setTimeout(resolve, ${patienceMs}))`;
  const result = await page.evaluate<PageResult | undefined>(`Promise.race([resizeRun(), ${patience}])`);
  const peakBytes = memory.stop();
  const busyMs = await endTrace?.();
  if (!result) return undefined;
  const fault = faultOf(bench, result);
  if (bench.judges === 'time') {
    const { wallMs, longTaskMs, blockMs, results } = result;
    const resultBytes = results.reduce((sum, { bytes }) => sum + bytes, 0);
    const codeBytes = pages.codeBytes(contender, result.scripts);
    return { wallMs, longTaskMs, blockMs, busyMs, peakBytes, resultBytes, codeBytes, fault };
  }
  const time = { wallMs: undefined, longTaskMs: undefined, blockMs: undefined, busyMs: undefined };
  const nothing = { ...time, peakBytes: undefined, resultBytes: undefined, codeBytes: undefined, fault };
  if (fault) return nothing;
  const arrived = pages.nextResult();
  await page.evaluate('resizeSend()');
  return { ...nothing, ...(await look(bench, await arrived, paths[0] ?? '')) };
}

function look({ judges }: BenchCase, result: Buffer, sourcePath: string): Promise<Likeness | Rings> {
  return judges === 'rings' ? measureRings(result) : compareWithSharp(result, sourcePath);
}

function faultOf({ files, type }: BenchCase, { results }: PageResult): string | undefined {
  if (results.length !== files.length) return `${results.length} of ${files.length} pictures came out`;
  const other = results.find((image) => image.type !== type);
  if (other) return `a result is ${other.type}, not ${type}`;
  const wrong = results.find(({ width, height }) => Math.max(width, height) !== MAX_SIDE);
  return wrong && `a result is ${wrong.width} × ${wrong.height}`;
}
