// What happened to each file of a soak, so that one that was left twice tells why.
import type { Fetch, Send } from '../../widget/engine/ports.js';
import type { ResumeStore } from '../../widget/engine/resume/resume-store.js';

type Answers = readonly {
  readonly id?: string;
  readonly state?: string;
  readonly error?: { readonly code: string };
}[];

/** Lines by file name, in the order of time. */
export class Diary {
  readonly #startedAtMs = performance.now();
  readonly #lines = new Map<string, string[]>();
  /** Names of files by the id of each upload that was planned for them. */
  readonly #names = new Map<string, string>();
  #calls = 0;

  note(name: string, what: string): void {
    const lines = this.#lines.get(name) ?? [];
    lines.push(`${((performance.now() - this.#startedAtMs) / 1000).toFixed(3)} ${what}`);
    this.#lines.set(name, lines);
  }

  /** @param id - Of an upload. */
  noteUpload(id: string, what: string): void {
    const name = this.#names.get(id);
    if (name !== undefined) this.note(name, `${what} ${id}`);
  }

  /** The file that an object was made from, by the object's key. */
  linesOf(key: string): readonly string[] {
    const [id = ''] = /[0-9a-z]{26}/i.exec(key) ?? [];
    const name = this.#names.get(id);
    return name === undefined
      ? [`${key}: no page knew of it`]
      : [`${key}: ${name}`, ...(this.#lines.get(name) ?? [])];
  }

  /** A page's calls to the signer, noted with each file that they are about. */
  watchFetch(page: string, fetch: Fetch): Fetch {
    return async (input, init) => {
      const path = new URL(input instanceof Request ? input.url : input).pathname;
      const verb = path.split('/v1/uploads')[1];
      if (verb === undefined || typeof init?.body !== 'string') return fetch(input, init);
      const asked = JSON.parse(init.body) as { files?: readonly { name: string }[] };
      const about = `${page} ${verb || '/create'} #${(this.#calls += 1)}`;
      for (const { name } of asked.files ?? []) this.note(name, `${about} asked`);
      try {
        const answer = await fetch(input, init);
        await this.#noteAnswer(`${about} ${answer.status}`, asked.files, answer.clone());
        return answer;
      } catch (error) {
        for (const { name } of asked.files ?? []) this.note(name, `${about} ${String(error)}`);
        throw error;
      }
    };
  }

  /** A page's requests to storage. */
  watchSend(page: string, send: Send): Send {
    return async (request, body, options) => {
      const [id = ''] = /[0-9a-z]{26}/i.exec(request.url) ?? [];
      const part = new URL(request.url).searchParams.get('partNumber') ?? '';
      this.noteUpload(id, `${page} PUT ${part}`);
      try {
        await send(request, body, options);
        this.noteUpload(id, `${page} PUT ${part} stored`);
      } catch (error) {
        this.noteUpload(id, `${page} PUT ${part} ${String(error)}`);
        throw error;
      }
    };
  }

  /** What is remembered for the next page. */
  watchStore(store: ResumeStore): ResumeStore {
    return {
      ...store,
      save: async (record, bytes) => {
        this.noteUpload(record.id, 'record saved');
        await store.save(record, bytes);
      },
      delete: async (ids) => {
        for (const id of ids) this.noteUpload(id, 'record deleted');
        await store.delete(ids);
      },
    };
  }

  async #noteAnswer(
    about: string,
    files: readonly { name: string }[] | undefined,
    answer: Response,
  ): Promise<void> {
    const body = (await answer.json().catch(() => ({}))) as {
      uploads?: Answers;
      results?: Answers;
      files?: Answers;
    };
    for (const [index, { id, state, error }] of (
      body.uploads ??
      body.results ??
      body.files ??
      []
    ).entries()) {
      const file = files?.[index];
      if (file && id !== undefined) this.#names.set(id, file.name);
      const what = `${about} ${state ?? ''}${error?.code ?? ''}`;
      if (id !== undefined) this.noteUpload(id, what);
      else if (file) this.note(file.name, what);
    }
  }
}
