// Renditions share the fate of their source, which is in the same call or was planned in an earlier one.
import type { SignerContext } from '../context.js';
import type { AcceptedFile } from '../decide.js';
import type { Source } from '../plan-upload.js';
import { ProblemError } from '../problem.js';
import type { FileRequest } from '../protocol.js';
import type { Site } from '../sites/site.js';

type Verdict = AcceptedFile | ProblemError;

/** Sources of earlier calls, by the ticket that names them; those that cannot be used are problems. */
export type EarlierSources = ReadonlyMap<string, Source | ProblemError>;

/** Opens the tickets that renditions name as their source. */
export async function openSources(
  { tickets }: Pick<SignerContext, 'tickets'>,
  site: Site,
  files: readonly FileRequest[],
): Promise<EarlierSources> {
  const tokens = files.flatMap(({ renditionOf }) => (typeof renditionOf === 'string' ? [renditionOf] : []));
  const open = async (token: string) => {
    try {
      const ticket = await tickets.open(token);
      if (ticket.site === site.key && ticket.rendition === undefined) return ticket;
      return new ProblemError('ticket-invalid', 'The ticket is not that of a file of this site.');
    } catch (error) {
      if (error instanceof ProblemError) return error;
      throw error;
    }
  };
  return new Map(
    await Promise.all([...new Set(tokens)].map(async (token) => [token, await open(token)] as const)),
  );
}

/** The source of a rendition that names it by its ticket. */
export function earlierSource(
  sources: EarlierSources,
  { request: { renditionOf } }: AcceptedFile,
): Source | ProblemError | undefined {
  return typeof renditionOf === 'string' ? sources.get(renditionOf) : undefined;
}

/** Whether a file's source is in the same call. */
export function hasSourceHere({ request }: AcceptedFile): boolean {
  return typeof request.renditionOf === 'number';
}

/** What a source fails with, its renditions fail with. */
export function failWithSources(
  verdicts: readonly Verdict[],
  earlier: EarlierSources = new Map(),
): readonly Verdict[] {
  return verdicts.map((verdict, index) => {
    if (verdict instanceof ProblemError) return verdict;
    const { renditionOf } = verdict.request;
    const source = typeof renditionOf === 'number' ? verdicts[renditionOf] : earlierSource(earlier, verdict);
    return source instanceof ProblemError ? sourceFailed(source, index) : verdict;
  });
}

/** The code and what is said of trying again are the source's own. */
export function sourceFailed({ code, details }: ProblemError, index: number): ProblemError {
  const { retryAfterSeconds } = details;
  return new ProblemError(code, 'The source of this rendition was not accepted.', {
    field: `files[${index}].renditionOf`,
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  });
}
