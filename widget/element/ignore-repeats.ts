// One gesture, one command: the second click of a double click and a key that is held down press no other button.

export function ignoreRepeats(root: ShadowRoot): void {
  root.addEventListener('click', ignore, true);
  root.addEventListener('keydown', ignore, true);
}

/** Rows and bars move under the pointer and the focus, so that the next press would meet another button. */
function ignore(event: Event): void {
  const isRepeat =
    event instanceof KeyboardEvent
      ? event.repeat && event.key === 'Enter'
      : event instanceof MouseEvent && event.detail > 1;
  if (!isRepeat || !(event.target instanceof Element) || !event.target.closest('button')) return;
  event.preventDefault();
  event.stopPropagation();
}
