// What the live region says of files that failed, were refused or are done: many of a kind are one sentence.
import type { Rejection } from '../engine/restrictions.js';
import type { FileSnapshot } from '../engine/snapshot.js';
import type { Announcer, AnnouncerHost } from './announcer.js';
import { failureText, refusalText } from './error-text.js';
import type { CompleteDetail, UploadCompleteEvent, UploadErrorEvent, UploadRejectEvent } from './events.js';

// Long enough for the failures of one cause to come together.
const GATHER_MS = 1000;

/** What one element has yet to say. */
interface Story {
  readonly failures: FileSnapshot[];
  readonly refusals: Rejection[];
  timer: ReturnType<typeof setTimeout> | undefined;
}

const stories = new WeakMap<Announcer, Story>();

export function narrate(
  event: UploadErrorEvent | UploadRejectEvent | UploadCompleteEvent,
  announcer: Announcer,
): void {
  const story = stories.get(announcer) ?? { failures: [], refusals: [], timer: undefined };
  stories.set(announcer, story);
  const { detail } = event;
  if ('failed' in detail) settle(detail, story, announcer);
  else if ('rejection' in detail)
    gather(story.refusals, detail.rejection, () => tellRefusals(story, announcer));
  else {
    story.failures.push(detail.file);
    story.timer ??= setTimeout(() => tellFailures(story, announcer), GATHER_MS);
  }
}

/** Many refusals of one drop are one sentence. */
function gather(refusals: Rejection[], refusal: Rejection, tell: () => void): void {
  if (refusals.push(refusal) === 1) queueMicrotask(tell);
}

function tellRefusals({ refusals }: Story, announcer: Announcer): void {
  const [only, ...others] = refusals.splice(0);
  if (!only) return;
  const { language } = announcer.host;
  const { strings } = language;
  if (others.length > 0) announcer.say(`${strings.sumRefused(others.length + 1)}.`);
  else announcer.say(strings.saidRefused(only.name, refusalText(only, language)));
}

/** @returns How many files the last sentence was about. */
function tellFailures(story: Story, announcer: Announcer): number {
  clearTimeout(story.timer);
  story.timer = undefined;
  let told = 0;
  for (const [reason, files] of byReason(story.failures.splice(0), announcer.host)) {
    const { strings } = announcer.host.language;
    const [only] = files;
    told = files.length;
    if (only && told === 1) announcer.say(strings.saidFailed(only.name, reason));
    else announcer.say(`${strings.sumDone(0, told)}. ${reason}`);
  }
  return told;
}

function byReason(files: readonly FileSnapshot[], host: AnnouncerHost): ReadonlyMap<string, FileSnapshot[]> {
  const groups = new Map<string, FileSnapshot[]>();
  for (const file of files) {
    const reason = failureText(file, host.language, host.hasStored);
    groups.set(reason, [...(groups.get(reason) ?? []), file]);
  }
  return groups;
}

function settle({ succeeded, failed }: CompleteDetail, story: Story, announcer: Announcer): void {
  const told = tellFailures(story, announcer);
  const { strings } = announcer.host.language;
  const [only] = succeeded;
  if (only && succeeded.length === 1 && failed.length === 0) announcer.say(strings.saidDone(only.name));
  else if (only || told < failed.length)
    announcer.say(`${strings.sumDone(succeeded.length, failed.length)}.`);
}
