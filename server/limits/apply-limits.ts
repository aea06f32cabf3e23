// Counts what a call asks for against the limits of site, address and grant; a refused call or file costs nothing.
import type { Caller } from '../context.js';
import { type AcceptedFile, isRendition } from '../decide.js';
import type { Grant } from '../grant.js';
import { ProblemError } from '../problem.js';
import { MAX_RENDITIONS } from '../rules/renditions.js';
import type { Site } from '../sites/site.js';
import { failWithSources } from '../uploads/rendition-sources.js';
import type { Allowance, Limiter } from './limiter.js';

type Verdict = AcceptedFile | ProblemError;

export interface Asked {
  readonly site: Site;
  readonly caller: Caller;
  readonly grant: Grant | undefined;
  readonly verdicts: readonly Verdict[];
  /** Files that were counted with an earlier try. */
  readonly known: ReadonlySet<Verdict>;
}

export interface Limited {
  readonly verdicts: readonly Verdict[];
  readonly refund: (files: readonly AcceptedFile[]) => Promise<void>;
}

/** Points that are taken for a whole call, and what one file has of them. */
interface Budget {
  readonly allowances: readonly Allowance[];
  readonly pointsOf: (file: AcceptedFile) => number;
}

const MINUTE = 60;
const DAY = 24 * 3600;

/**
 * Bytes of the day and of a grant are taken for the call as a whole; rates file by file, so that a large batch
 * passes in pieces.
 * @returns The verdicts, with `rate-limited` in place of the files that come too soon, and the way to give back
 * the bytes of a file that came to nothing later. Its turn stays taken: storage was asked.
 * @throws {ProblemError} `quota-exceeded`; then nothing was counted.
 */
export async function applyLimits(limiter: Limiter, asked: Asked): Promise<Limited> {
  const budgets = budgetsOf(asked);
  const counted = asked.verdicts.filter(isAccepted).filter((file) => !asked.known.has(file));
  await takeBudgets(limiter, budgets, counted);
  // What cannot be given back comes back with its window: no file must fail for it.
  const refund: Limited['refund'] = (files) => giveBack(limiter, budgets, files).catch(() => undefined);
  const verdicts = failWithSources(await takeTurns(limiter, asked));
  await refund(counted.filter((file) => !verdicts.includes(file)));
  return { verdicts, refund };
}

async function takeTurns(limiter: Limiter, asked: Asked): Promise<readonly Verdict[]> {
  const limited: Verdict[] = [];
  for (const verdict of asked.verdicts) {
    const isTurn = isAccepted(verdict) && !asked.known.has(verdict);
    const retryAfterSeconds = isTurn ? await limiter.take(ratesOf(asked, verdict), 1) : undefined;
    const detail = 'Too many uploads were started. Wait and try again.';
    limited.push(
      retryAfterSeconds === undefined
        ? verdict
        : new ProblemError('rate-limited', detail, { retryAfterSeconds }),
    );
  }
  return limited;
}

async function takeBudgets(
  limiter: Limiter,
  budgets: readonly Budget[],
  files: readonly AcceptedFile[],
): Promise<void> {
  for (const [index, { allowances, pointsOf }] of budgets.entries()) {
    if ((await limiter.take(allowances, total(files, pointsOf))) === undefined) continue;
    await giveBack(limiter, budgets.slice(0, index), files);
    const detail = 'The files exceed what may be stored here for now.';
    throw new ProblemError('quota-exceeded', detail, { field: 'files' });
  }
}

async function giveBack(
  limiter: Limiter,
  budgets: readonly Budget[],
  files: readonly AcceptedFile[],
): Promise<void> {
  await Promise.all(
    budgets.map(({ allowances, pointsOf }) => limiter.giveBack(allowances, total(files, pointsOf))),
  );
}

function budgetsOf({ site, grant }: Asked): readonly Budget[] {
  const grantKey = `${site.key} grant ${grant?.id ?? ''}`;
  return [
    { allowances: allowance(`bytes ${site.key}`, site.limits.bytesPerDay, DAY), pointsOf: bytesOf },
    // A grant lives for a day at most, so a day's window covers all its uses.
    { allowances: allowance(`bytes ${grantKey}`, grant?.maxBytes, DAY), pointsOf: bytesOf },
    { allowances: allowance(`files ${grantKey}`, grant?.maxFiles, DAY), pointsOf: filesOf },
  ];
}

function bytesOf({ request }: AcceptedFile): number {
  return request.size;
}

function filesOf({ request }: AcceptedFile): number {
  return isRendition(request) ? 0 : 1;
}

/** Renditions have turns of their own, as many as all files could have: no file waits for them, and they have an end, too. */
function ratesOf({ site, caller }: Asked, { request }: AcceptedFile): readonly Allowance[] {
  const { uploadsPerMinute, uploadsPerMinutePerIp } = site.limits;
  const [kind, times] = isRendition(request) ? ['renditions ', MAX_RENDITIONS] : ['', 1];
  const rate = (key: string, perMinute: number | null) =>
    allowance(kind + key, perMinute === null ? null : perMinute * times, MINUTE);
  return [
    ...(caller.address === undefined ? [] : rate(`ip ${site.key} ${caller.address}`, uploadsPerMinutePerIp)),
    ...rate(`site ${site.key}`, uploadsPerMinute),
  ];
}

function allowance(key: string, points: number | null | undefined, seconds: number): readonly Allowance[] {
  return points === null || points === undefined ? [] : [{ key, points, seconds }];
}

function total(files: readonly AcceptedFile[], pointsOf: Budget['pointsOf']): number {
  return files.reduce((sum, file) => sum + pointsOf(file), 0);
}

function isAccepted(verdict: Verdict): verdict is AcceptedFile {
  return !(verdict instanceof ProblemError);
}
