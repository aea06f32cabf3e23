// One row: fixed thumbnail, one-line name, one meta line, actions; state changes colour, not height.
import { css } from 'lit';

export const itemStyles = css`
  .item {
    position: relative;
    display: grid;
    grid-template-columns: 44px minmax(0, 1fr) auto;
    align-items: center;
    column-gap: 12px;
    min-block-size: 68px;
    padding: 11px;
    overflow: clip;
    border: 1px solid var(--_border);
    border-radius: var(--_radius);
    background: var(--_surface);
    contain: content;
  }

  .preview {
    position: relative;
    inline-size: 44px;
    block-size: 44px;
  }

  .preview img,
  .tile {
    display: grid;
    place-items: center;
    inline-size: 100%;
    block-size: 100%;
    border-radius: var(--_inner);
    background: var(--_ground);
    object-fit: cover;
  }

  .preview img {
    box-shadow: inset 0 0 0 1px rgb(0 0 0 / 8%);
  }

  .tile {
    --_red: #b3261e;
    --_green: #1a6f3c;
    --_blue: #2456b8;
    --_violet: #6b3fc4;
    --_orange: #9a4a06;
    --_teal: #0c6a72;
    --_grey: #555c69;
    --_kind: var(--_grey);
    overflow: hidden;
    background: color-mix(in srgb, var(--_kind) 12%, var(--_surface));
    color: var(--_kind);
    font-size: min(0.6875rem, 12px);
    font-weight: 600;
    letter-spacing: 0.02em;
  }

  @supports (color: light-dark(#000, #fff)) {
    .tile {
      --_red: light-dark(#b3261e, #ff9d96);
      --_green: light-dark(#1a6f3c, #7ad6a0);
      --_blue: light-dark(#2456b8, #93b7ff);
      --_violet: light-dark(#6b3fc4, #c3a6ff);
      --_orange: light-dark(#9a4a06, #ffb37a);
      --_teal: light-dark(#0c6a72, #6fd0d8);
      --_grey: light-dark(#555c69, #b4bac6);
    }
  }

  .tile[data-kind='pdf'] {
    --_kind: var(--_red);
  }

  .tile[data-kind='sheet'] {
    --_kind: var(--_green);
  }

  .tile[data-kind='text'] {
    --_kind: var(--_blue);
  }

  .tile:is([data-kind='video'], [data-kind='audio']) {
    --_kind: var(--_violet);
  }

  .tile:is([data-kind='slides'], [data-kind='archive']) {
    --_kind: var(--_orange);
  }

  .tile[data-kind='image'] {
    --_kind: var(--_teal);
  }

  .badge {
    position: absolute;
    inset-block-end: -4px;
    inset-inline-end: -4px;
    display: grid;
    place-items: center;
    inline-size: 18px;
    block-size: 18px;
    border-radius: 50%;
    background: var(--_badge, var(--_muted));
    color: var(--_surface);
    box-shadow: 0 0 0 2px var(--_surface);
    transition: background-color 160ms;
  }

  .badge .icon {
    inline-size: 16px;
    block-size: 16px;
    stroke-width: 2;
  }

  .item.sending {
    --_badge: var(--_accent);
  }

  .item.done {
    --_badge: var(--_success);
  }

  .item:is(.failed, .refused) {
    --_badge: var(--_danger);
  }

  .item .meta {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .name {
    display: flex;
    inline-size: fit-content;
    max-inline-size: 100%;
    overflow: hidden;
    font-weight: 500;
    white-space: pre;
  }

  .head {
    overflow: hidden;
    text-overflow: ellipsis;
  }

  .tail {
    flex: none;
  }

  .item.done .status {
    color: var(--_success);
  }

  .item:is(.failed, .refused) .status,
  .reason {
    color: var(--_danger);
  }

  .reason {
    font-size: 0.8125rem;
    line-height: 1.25rem;
    overflow-wrap: anywhere;
  }

  .problem {
    display: contents;
  }

  .item > .note {
    grid-area: 2 / 2 / auto / -2;
  }

  .item:is(.failed, .refused) {
    grid-template:
      'preview body retry actions' auto
      'preview reason retry actions' auto / 44px minmax(0, 1fr) auto auto;
    border-color: color-mix(in srgb, var(--_danger) 32%, var(--_surface));
    background: color-mix(in srgb, var(--_danger) 3%, var(--_surface));
  }

  .actions {
    display: flex;
    gap: 4px;
  }

  .action {
    padding: 0 12px;
    color: var(--_muted);
  }

  .action:is(.remove, .pause) {
    padding: 0;
  }

  .item:is(.failed, .refused) > .preview {
    grid-area: preview;
  }

  .item:is(.failed, .refused) > .actions {
    grid-area: actions;
  }

  .reason {
    grid-area: reason;
    justify-self: start;
  }

  .retry {
    grid-area: retry;
    padding-inline: 12px;
  }

  .item :is(button, a, input) {
    /* Clear of the bar that sticks to the edge of the window. */
    scroll-margin-block: 12px max(9rem, 152px);
  }

  .item :focus-visible {
    outline-offset: 0;
  }

  @media (hover: hover) {
    .failed .remove:hover,
    .done .remove:hover {
      background: color-mix(in srgb, var(--_danger) 10%, transparent);
      color: var(--_danger);
    }
  }

  @container (inline-size >= 480px) {
    .item:has(> .note) > .preview {
      grid-area: 1 / 1 / 3;
    }

    .item:has(> .note) > .actions {
      grid-area: 1 / -2 / 3;
    }

    .item:has(> .note) > .body {
      grid-area: 1 / 2;
    }
  }

  @container (inline-size < 480px) {
    .item > .note {
      grid-column: 1 / -1;
      padding-block-start: 8px;
    }

    .item:is(.stalled, .paused) .meta {
      white-space: normal;
    }

    .item:is(.failed, .refused) {
      grid-template:
        'preview body actions' auto
        'problem problem problem' auto / 44px minmax(0, 1fr) auto;
    }

    .problem {
      grid-area: problem;
      display: flex;
      align-items: center;
      justify-content: space-between;
      gap: 12px;
      padding-block-start: 8px;
    }

    .retry {
      flex: none;
    }

    .left {
      display: none;
    }

    a.action {
      padding: 0;
    }

    a.action .label {
      position: absolute;
      clip-path: inset(50%);
    }
  }

  @media (forced-colors: active) {
    .item,
    .tile {
      border: 1px solid CanvasText;
    }

    .badge {
      border: 1px solid CanvasText;
    }
  }
`;
