// One gesture, one command: the second click of a double click and a key that is held down press no other button.

export function ignoreRepeats(root: ShadowRoot): void {
  const act = (event: Event): void => ignore(event, root);
  root.addEventListener('click', act, true);
  root.addEventListener('keydown', act, true);
}

/** Rows and bars move under the pointer and the focus, so that the next press would meet another button. */
function ignore(event: Event, root: ShadowRoot): void {
  const isRepeat =
    event instanceof KeyboardEvent
      ? event.repeat && event.key === 'Enter'
      : event instanceof MouseEvent && event.detail > 1;
  const { target } = event;
  // Buttons in slots are the page's.
  if (!isRepeat || !(target instanceof Element) || !root.contains(target) || !target.closest('button'))
    return;
  event.preventDefault();
  event.stopPropagation();
}
