// Thumbnails of rows in view: made small when a row is seen, kept while they are worth it, and released.
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { FileSnapshot } from '../engine/snapshot.js';
import { PreviewCache } from './preview-cache.js';
import { previewKind } from './preview-kind.js';
import { PreviewLoader, type Made } from './preview-loader.js';
import { carriesFiles } from './read-drop.js';

export interface PreviewSource {
  /** The local file of an upload, while it is listed. */
  source(id: string): File | undefined;
}

/** Kept at once: a few megabytes. Rows in view are kept beyond that. */
const MAX_KEPT = 300;
/** Rows this far outside of the window have their turn too. */
const MARGIN = '200px';
/** Thumbnails that are ready at about the same time are drawn together; the first is drawn at once. */
const PAUSE_MS = 16;

export class PreviewController implements ReactiveController {
  readonly #host: ReactiveControllerHost & HTMLElement;
  readonly #source: PreviewSource;
  readonly #loader = new PreviewLoader((made) => this.#made(made));
  readonly #cache = new PreviewCache(MAX_KEPT);
  /** Those that show what their camera put into the file, until the real one is made. */
  readonly #early = new Set<string>();
  /** Files that the browser cannot show. */
  readonly #broken = new Set<string>();
  readonly #visible = new Set<string>();
  readonly #rows = new Map<string, Element>();
  #observer: IntersectionObserver | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** The first picture was asked for before its row stood. */
  #isAhead = false;
  #version = 0;
  #shown: { files: readonly FileSnapshot[]; version: number; list: readonly FileSnapshot[] } | undefined;

  constructor(host: ReactiveControllerHost & HTMLElement, source: PreviewSource) {
    this.#host = host;
    this.#source = source;
    host.addController(this);
    // Whoever drags files over it or opens the dialog will want pictures.
    host.addEventListener(
      'dragover',
      ({ dataTransfer }) => carriesFiles(dataTransfer) && this.#loader.warm(),
    );
    host.addEventListener('click', () => this.#rows.size === 0 && this.#loader.warm());
    host.addEventListener('b2-add', ({ detail }) => this.#lookAhead(detail.file));
    // Let go of when its file leaves the list, however it left.
    host.addEventListener('b2-remove', ({ detail }) => this.forget(detail.file.id));
  }

  hostDisconnected(): void {
    this.#observer?.disconnect();
    this.#observer = undefined;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const id of this.#rows.keys()) this.#leave(id);
    this.#rows.clear();
    this.#cache.clear();
    this.#version += 1;
  }

  hostConnected(): void {
    // Rows that were taken out and put back are looked at anew.
    this.#host.requestUpdate();
  }

  hostUpdated(): void {
    if (!this.#host.isConnected) return;
    const drawn = new Map<string, Element>();
    for (const row of this.#host.shadowRoot?.querySelectorAll('li[data-id]') ?? []) drawn.set(idOf(row), row);
    for (const [id, row] of this.#rows) {
      if (drawn.get(id) === row) continue;
      this.#observer?.unobserve(row);
      this.#rows.delete(id);
      this.#leave(id);
    }
    if (drawn.size === 0) {
      this.#isAhead = false;
      return;
    }
    this.#observer ??= new IntersectionObserver((entries) => this.#look(entries), { rootMargin: MARGIN });
    for (const [id, row] of drawn) {
      if (this.#rows.has(id)) continue;
      this.#rows.set(id, row);
      this.#observer.observe(row);
    }
  }

  /** Object URL of a thumbnail, or null when there is none (yet). */
  urlOf(id: string): string | null {
    return this.#cache.get(id) ?? null;
  }

  /** The snapshots with their thumbnails, as the page sees them; the same array until something changes. */
  addTo(files: readonly FileSnapshot[]): readonly FileSnapshot[] {
    if (this.#cache.size === 0) return files;
    if (this.#shown?.files !== files || this.#shown.version !== this.#version) {
      const list = files.map((file) => {
        const previewUrl = this.urlOf(file.id);
        return previewUrl === null ? file : Object.freeze({ ...file, previewUrl });
      });
      this.#shown = { files, version: this.#version, list: Object.freeze(list) };
    }
    return this.#shown.list;
  }

  forget(id: string): void {
    this.#leave(id);
    this.#cache.delete(id);
    this.#version += 1;
    this.#early.delete(id);
    this.#broken.delete(id);
  }

  /** The browser could not show it: the row falls back to its tile. */
  readonly showTile = (event: Event): void => {
    const id = idOf(event.target);
    // One that was released in the meantime is no fault of its file.
    if (id === '' || (event.target instanceof HTMLImageElement && event.target.src !== this.urlOf(id)))
      return;
    this.forget(id);
    this.#broken.add(id);
    this.#host.requestUpdate();
  };

  /** While the first rows are laid out, the first picture is made; more would take the time from the rows. */
  #lookAhead(file: FileSnapshot): void {
    if (this.#rows.size > 0 || this.#isAhead || !previewKind(file)) return;
    this.#isAhead = true;
    this.#loader.warm();
    this.#want(file.id);
  }

  #look(entries: readonly IntersectionObserverEntry[]): void {
    for (const { isIntersecting, target } of entries) {
      const id = idOf(target);
      if (this.#rows.get(id) !== target) continue;
      if (isIntersecting) this.#enter(id);
      else this.#leave(id);
    }
  }

  #enter(id: string): void {
    this.#visible.add(id);
    this.#cache.touch(id);
    this.#want(id);
  }

  #want(id: string): void {
    const file = this.#source.source(id);
    const isDone = this.urlOf(id) !== null && !this.#early.has(id);
    if (!file || isDone || this.#broken.has(id)) return;
    const kind = previewKind(file);
    if (kind) this.#loader.want(id, file, kind);
  }

  #leave(id: string): void {
    this.#visible.delete(id);
    this.#loader.drop(id);
  }

  #made({ id, picture, isEarly }: Made): void {
    // Removed while it was made, or not taken at all, or the element left its page.
    if (!this.#host.isConnected || !this.#source.source(id)) return this.#leave(id);
    if (isEarly) this.#early.add(id);
    else this.#early.delete(id);
    if (!picture) {
      // What cannot be shown whole is not shown in part: its early picture goes too.
      this.forget(id);
      this.#broken.add(id);
    } else this.#cache.set(id, picture, (other) => this.#visible.has(other));
    this.#version += 1;
    this.#timer ??= setTimeout(
      () => {
        this.#timer = undefined;
        this.#host.requestUpdate();
      },
      this.#cache.size > 1 ? PAUSE_MS : 0,
    );
  }
}

function idOf(node: EventTarget | null): string {
  return (node instanceof Element && node.closest<HTMLElement>('[data-id]')?.dataset['id']) || '';
}
