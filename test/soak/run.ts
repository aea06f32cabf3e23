// `npm run soak -- --minutes 10 [--seed 7]`: visitors upload through faults while the signer is killed again and again.
import { randomInt } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { createMemoryStore } from '../../widget/engine/resume/memory-store.js';
import { seededRandom } from '../support/fault-proxy/seeded-random.js';
import { openFaultStage, type FaultStage } from '../support/fault-stage.js';
import { Diary } from './diary.js';
import { startWeather } from './faults.js';
import { type Findings, Ledger } from './ledger.js';
import { printReport, type Verdict } from './report.js';
import { Visitor } from './visitor.js';

const VISITORS = 4;
const HARVEST_MS = 2000;
/** Short runs kill more often, so that they kill at all. */
const KILL_MS = { long: 60_000, short: 20_000 };
const SHORT_MINUTES = 5;
/** What may be under way when the faults end has this long. */
const CLOSING_MS = 120_000;

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '2' }, seed: { type: 'string' } },
});
const minutes = Number(values.minutes);
const seed = values.seed === undefined ? randomInt(2 ** 31) : Number(values.seed);
if (!(minutes > 0) || !Number.isSafeInteger(seed)) throw new TypeError('--minutes and --seed take numbers.');
console.log(`soak: ${minutes} min, seed ${seed}`);
const EXIT_CODES: Readonly<Record<Verdict, number>> = { good: 0, bad: 1, doubled: 2 };
// Pages that were left behind keep nothing alive.
process.exit(EXIT_CODES[await soak()]);

async function soak(): Promise<Verdict> {
  const stage = await openFaultStage({
    seed,
    signer: 'process',
    site: { multipart: { threshold: '5MiB' } },
  });
  try {
    const diary = new Diary();
    const ledger = new Ledger(stage, seed);
    const weather = startWeather(stage);
    const gaveUp = new Map<string, number>();
    const closing = new AbortController();
    const store = diary.watchStore(createMemoryStore());
    const visitors = Array.from({ length: VISITORS }, (_, index) =>
      new Visitor({
        stage,
        ledger,
        diary,
        store,
        seed,
        random: seededRandom(seed + index + 1),
        name: `v${index}`,
        closing: closing.signal,
        gaveUp: (code) => gaveUp.set(code, (gaveUp.get(code) ?? 0) + 1),
      }).run(),
    );
    const harvesting = setInterval(() => ledger.harvest(), HARVEST_MS);
    const memory = watchMemory();
    const restarts = await killAgainAndAgain(stage, minutes * 60_000);
    weather.end();
    closing.abort();
    const isFinished = await Promise.race([
      Promise.all(visitors).then(() => true),
      wait(CLOSING_MS, false, { ref: false }),
    ]);
    clearInterval(harvesting);
    // Gives up what was left are calls of their own, which nobody waits for.
    await wait(500);
    const findings: Findings = await ledger.settle();
    for (const key of findings.doubledKeys) for (const line of diary.linesOf(key)) console.log(line);
    return printReport({
      minutes,
      seed,
      ledger,
      findings,
      restarts,
      isFinished,
      gaveUp,
      faults: weather.tally(),
      memoryMib: memory(),
    });
  } finally {
    await stage.close();
  }
}

/** @returns How often. */
async function killAgainAndAgain(stage: FaultStage, totalMs: number): Promise<number> {
  const everyMs = minutes <= SHORT_MINUTES ? KILL_MS.short : KILL_MS.long;
  const endsAtMs = performance.now() + totalMs;
  let restarts = 0;
  for (;;) {
    const leftMs = endsAtMs - performance.now();
    await wait(Math.max(0, Math.min(everyMs, leftMs)));
    if (leftMs <= everyMs) return restarts;
    await stage.killSigner();
    stage.signer.resetAll();
    await stage.startSigner();
    restarts += 1;
  }
}

/** @returns What gives the resident size in MiB: of every tenth of the run. */
function watchMemory(): () => readonly number[] {
  const samples: number[] = [];
  const sample = () => samples.push(Math.round(process.memoryUsage.rss() / 2 ** 20));
  const timer = setInterval(sample, minutes * 6000);
  return () => {
    clearInterval(timer);
    return samples;
  };
}
