// One writer per upload: a tab that goes on with an upload holds its lock, so that no other tab does the same.

const PREFIX = 'b2-uploader:';
export type Release = () => Promise<void>;

/** What this page holds itself. */
const mine = new Set<string>();

/**
 * Claims an upload until it is released, or the page goes away.
 * @returns What releases it, and ends when it is free again; undefined when it is claimed already, here or in another tab. Where there are no locks, everybody is granted.
 */
export async function claimUpload(id: string): Promise<Release | undefined> {
  const locks = lockManager();
  if (!locks) return async () => {};
  return new Promise((resolve) => {
    const hold = (lock: Lock | null) => {
      if (!lock) return resolve(undefined);
      mine.add(id);
      return new Promise<void>((end) => {
        resolve(() => {
          end();
          return released;
        });
      }).then(() => void mine.delete(id));
    };
    // Sandboxed frames and some private sessions have locks that refuse to work.
    const released = locks
      .request(PREFIX + id, { ifAvailable: true }, hold)
      .catch(() => resolve(async () => {}));
  });
}

/** Which of these uploads another tab is working on. */
export async function heldElsewhere(ids: readonly string[]): Promise<ReadonlySet<string>> {
  try {
    const { held = [] } = (await lockManager()?.query()) ?? {};
    const names = new Set(held.map(({ name }) => name));
    return new Set(ids.filter((id) => names.has(PREFIX + id) && !mine.has(id)));
  } catch {
    return new Set();
  }
}

/** Absent in insecure contexts and in Node; a getter that may throw. */
function lockManager(): LockManager | undefined {
  try {
    return (globalThis.navigator as Partial<WorkerNavigator> | undefined)?.locks;
  } catch {
    return undefined;
  }
}
