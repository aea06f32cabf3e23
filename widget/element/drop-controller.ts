// Drag, drop and paste → files: where a drag is, and what it carries when it is let go.
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { carriesFiles, previewDrag, readDrop, type DragPreview, type Dropped } from './read-drop.js';

export interface DropTarget {
  readonly isDisabled: boolean;
  readonly directory: boolean;
  take(dropped: Dropped): void;
}

/** A drag of files over the page; `isOver` when it is over the element. */
export interface Drag extends DragPreview {
  readonly isOver: boolean;
}

export class DropController implements ReactiveController {
  /** Undefined while no files are dragged over the page. */
  drag: Drag | undefined;
  readonly #host: ReactiveControllerHost & HTMLElement;
  readonly #target: DropTarget;
  // Enter and leave come in pairs per element, the enter of the next before the leave of the last:
  // the drag is on the page as long as one is left. Counting alone would drift when elements go away.
  readonly #entered = new Set<EventTarget>();

  constructor(host: ReactiveControllerHost & HTMLElement, target: DropTarget) {
    this.#host = host;
    this.#target = target;
    host.addController(this);
    host.addEventListener('dragover', this.#allowDrop);
    host.addEventListener('drop', this.#drop);
    host.addEventListener('paste', this.#paste);
  }

  hostConnected(): void {
    window.addEventListener('dragenter', this.#enter, true);
    window.addEventListener('dragleave', this.#leave, true);
    for (const type of END) window.addEventListener(type, this.#end, true);
  }

  hostDisconnected(): void {
    window.removeEventListener('dragenter', this.#enter, true);
    window.removeEventListener('dragleave', this.#leave, true);
    for (const type of END) window.removeEventListener(type, this.#end, true);
    this.#end();
  }

  readonly #enter = (event: DragEvent): void => {
    if (!carriesFiles(event.dataTransfer)) return;
    if (this.#isOver(event)) event.preventDefault();
    this.#entered.add(event.composedPath()[0] ?? window);
    this.#show(event);
  };

  readonly #leave = (event: DragEvent): void => {
    this.#entered.delete(event.composedPath()[0] ?? window);
    if (this.#entered.size === 0) this.#end();
  };

  readonly #allowDrop = (event: DragEvent): void => {
    if (!carriesFiles(event.dataTransfer)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = this.#target.isDisabled ? 'none' : 'copy';
    if (!this.drag?.isOver) this.#show(event);
  };

  readonly #drop = (event: DragEvent): void => {
    if (!carriesFiles(event.dataTransfer)) return;
    event.preventDefault();
    this.#end();
    this.#read(event.dataTransfer);
  };

  readonly #paste = (event: ClipboardEvent): void => {
    if (!carriesFiles(event.clipboardData)) return;
    event.preventDefault();
    this.#read(event.clipboardData);
  };

  readonly #end = (): void => {
    this.#entered.clear();
    if (!this.drag) return;
    this.drag = undefined;
    this.#host.requestUpdate();
  };

  #isOver(event: DragEvent): boolean {
    return event.composedPath().includes(this.#host);
  }

  #show(event: DragEvent): void {
    if (!event.dataTransfer || this.#target.isDisabled) return;
    const isOver = this.#isOver(event);
    if (this.drag?.isOver === isOver) return;
    this.drag = { ...previewDrag(event.dataTransfer), isOver };
    this.#host.requestUpdate();
  }

  #read(transfer: DataTransfer): void {
    if (this.#target.isDisabled) return;
    const dropped = readDrop(transfer, this.#target.directory);
    if (dropped instanceof Promise) void dropped.then((all) => this.#target.take(all));
    else this.#target.take(dropped);
  }
}

// A pointer that moves is a drag that ended without a word, as when Escape is pressed outside the window.
const END = ['drop', 'dragend', 'pointermove'] as const;
