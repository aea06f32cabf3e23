// Thumbnails of many photos in a real browser, side by side: ours, the floor and the peers, in alternating rounds.
import { parseArgs } from 'node:util';
import { openPage } from '../bench-page.js';
import type { MainThreadBlocks } from '../page/watch-main-thread.js';
import { installPeers } from '../peers.js';
import { launchBrowser, type ProtocolPipe } from '../protocol-pipe.js';
import { watchRendererMemory } from '../renderer-memory.js';
import { BATCH, makePhotos } from '../resize/photos.js';
import { traceTasks } from '../trace-tasks.js';
import { untilCalm } from '../until-calm.js';
import { CONTENDERS, PEERS, type ContenderSpec } from './contenders.js';
import { servePages, type PageHost } from './page-host.js';
import type { PageResult } from './page/harness.js';
import { report, type RunResult } from './report.js';

const USAGE = `npm run bench thumbs -- [options]      (npm run build first: dist/ is what is measured)

  --rounds N     rounds; medians are shown (3)
  --photos N     photos of 12 megapixels that are dropped (100)
  --window PX    height of the window (12000: every row is in view); in a lower one the run ends with the first six
  --only NAMES   contenders, comma-separated
  --no-peers     without the peers, which npm otherwise fetches into node_modules/.cache
  --scroll       1 000 photos, scrolled through: ours only

Contenders: ${CONTENDERS.map(({ name }) => name).join(' · ')}`;

/** From here on every row of a list of hundred is in view. */
const TALL_PX = 12_000;
const WINDOW_PX = 800;
/** So many rows fit into the window. */
const IN_VIEW = 6;
const PATIENCE_MS = 180_000;

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    photos: { type: 'string' },
    window: { type: 'string', default: '12000' },
    only: { type: 'string' },
    'no-peers': { type: 'boolean', default: false },
    scroll: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) console.log(USAGE);
else await benchAll();

interface Ring {
  readonly browser: ProtocolPipe;
  readonly pages: PageHost;
  readonly paths: readonly string[];
}

async function benchAll(): Promise<void> {
  const count = Number(values.photos ?? (values.scroll ? 1000 : 100));
  const wanted = CONTENDERS.filter(({ name, isPeer }) => {
    if (values.scroll) return name === 'ours';
    return !(values['no-peers'] && isPeer) && (!values.only || values.only.split(',').includes(name));
  });
  const peers = wanted.some(({ isPeer }) => isPeer)
    ? installPeers('b2-uploader-bench-thumbs', PEERS)
    : undefined;
  const contenders = wanted.filter(({ isPeer }) => !isPeer || peers !== undefined);
  if (contenders.length < wanted.length) console.error('The peers could not be fetched: without them.');
  const photos = await makePhotos(BATCH);
  const paths = Array.from({ length: count }, (_, i) => photos[i % photos.length] ?? '');
  const pages = await servePages(contenders, peers);
  const browser = await launchBrowser();
  try {
    const ring: Ring = { browser, pages, paths };
    if (values.scroll) await benchScrolling(ring);
    else await benchRounds(ring, contenders, Number(values.rounds));
  } finally {
    await browser.close();
    pages.close();
  }
}

async function benchRounds(ring: Ring, contenders: readonly ContenderSpec[], rounds: number): Promise<void> {
  const runs = new Map<string, RunResult[]>(contenders.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    // They take turns, and who begins changes.
    for (const contender of round % 2 ? contenders.toReversed() : contenders) {
      const result = await run(ring, contender);
      if (result) runs.get(contender.name)?.push(result);
      else console.error(`  ${contender.name}: gave up waiting`);
    }
  }
  console.log(report(`${ring.paths.length} × 12 MP, ${rounds} rounds`, runs));
}

/** @returns Undefined when the contender did not finish in time. */
async function run(
  { browser, pages, paths }: Ring,
  contender: ContenderSpec,
): Promise<RunResult | undefined> {
  const { name } = contender;
  const heightPx = Number(values.window);
  const wanted = heightPx < TALL_PX ? IN_VIEW : paths.length;
  const page = await openPage(browser, pages.addressOf(contender), (text) =>
    console.error(`  ${name}: ${text}`),
  );
  try {
    await page.setHeight(heightPx);
    await page.chooseFiles('#files', paths);
    await page.evaluate('thumbsReady()');
    await page.collectGarbage();
    await untilCalm(browser);
    const endTrace = await traceTasks(browser);
    const memory = await watchRendererMemory(browser);
    const patience = `new Promise((resolve) => setTimeout(resolve, ${PATIENCE_MS}))`;
    const result = await page.evaluate<PageResult | undefined>(
      `Promise.race([thumbsRun(${wanted}), ${patience}])`,
    );
    const peakBytes = memory.stop();
    const busyMs = await endTrace();
    return result && { ...result, busyMs, peakBytes };
  } finally {
    await page.close();
  }
}

async function benchScrolling({ browser, pages, paths }: Ring): Promise<void> {
  const [contender] = CONTENDERS.filter(({ name }) => name === 'ours');
  if (!contender) return;
  const page = await openPage(browser, pages.addressOf(contender), (text) => console.error(`  ${text}`));
  try {
    await page.setHeight(WINDOW_PX);
    await page.chooseFiles('#files', paths);
    await page.evaluate('thumbsReady()');
    await page.collectGarbage();
    await untilCalm(browser);
    const memory = await watchRendererMemory(browser);
    const dropped = await page.evaluate<PageResult>(`thumbsRun(${IN_VIEW})`);
    const scrolled = await page.evaluate<MainThreadBlocks>('thumbsScroll()');
    const peakMb = (memory.stop() ?? Number.NaN) / 1e6;
    console.log(`${paths.length} × 12 MP in a window of ${WINDOW_PX} px
  first thumbnail ${dropped.firstMs.toFixed(0)} ms, those in view ${dropped.wallMs.toFixed(0)} ms
  longest task when dropped ${dropped.longTaskMs.toFixed(0)} ms, when scrolled ${scrolled.longTaskMs.toFixed(0)} ms (0: none reached 50)
  longest wait of a timer ${dropped.blockMs.toFixed(0)} and ${scrolled.blockMs.toFixed(0)} ms, memory above idle ${peakMb.toFixed(0)} MB`);
  } finally {
    await page.close();
  }
}
