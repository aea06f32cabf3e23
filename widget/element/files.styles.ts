// Rows and the bar under them: fixed thumbnail, one-line name, one meta line, actions; state changes colour, not height.
import { css } from 'lit';

export const filesStyles = css`
  .list {
    display: grid;
    gap: var(--_gap);
    margin: var(--_gap) 0 0;
    padding: 0;
    list-style: none;
  }

  .summary {
    position: sticky;
    inset-block-end: 8px;
    z-index: 1;
    display: flex;
    align-items: center;
    gap: 12px;
    min-block-size: 64px;
    margin-block-start: var(--_gap);
    padding: 11px;
    overflow: clip;
    border: 1px solid var(--_border);
    border-radius: var(--_radius);
    background: var(--_surface);
    box-shadow:
      0 1px 2px rgb(0 0 0 / 6%),
      0 4px 12px -4px rgb(0 0 0 / 10%);
  }

  .title {
    font-weight: 500;
    font-variant-numeric: tabular-nums;
  }

  .mark {
    --_mark: var(--_muted);
    display: grid;
    place-items: center;
    inline-size: 28px;
    block-size: 28px;
    margin-inline: 8px;
    border-radius: 50%;
    background: color-mix(in srgb, var(--_mark) 14%, var(--_surface));
    color: var(--_mark);
  }

  .sending .mark {
    --_mark: var(--_accent);
  }

  .done .mark {
    --_mark: var(--_success);
  }

  .failed .mark {
    --_mark: var(--_danger);
  }

  progress {
    position: absolute;
    inset-inline: 0;
    inset-block-end: 0;
    inline-size: 100%;
    block-size: 3px;
    appearance: none;
    border: 0;
    background: color-mix(in srgb, var(--_accent) 16%, var(--_surface));
    color: var(--_accent);
  }

  progress::-webkit-progress-bar {
    background: none;
  }

  progress::-webkit-progress-value {
    background: var(--_accent);
    transition: inline-size 180ms linear;
  }

  progress::-moz-progress-bar {
    background: var(--_accent);
  }

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
    content-visibility: auto;
    contain-intrinsic-size: auto 68px;
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
    --_kind: var(--_grey);
    background: color-mix(in srgb, var(--_kind) 12%, var(--_surface));
    color: var(--_kind);
    font-size: 0.6875rem;
    font-weight: 600;
    letter-spacing: 0.02em;
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
  .problem {
    color: var(--_danger);
  }

  .problem {
    font-size: 0.8125rem;
    line-height: 1.25rem;
    overflow-wrap: anywhere;
  }

  .item:is(.failed, .refused) {
    border-color: color-mix(in srgb, var(--_danger) 32%, var(--_surface));
    background: color-mix(in srgb, var(--_danger) 3%, var(--_surface));
  }

  .actions {
    display: flex;
    gap: 8px;
  }

  .action {
    padding: 0 12px;
    color: var(--_muted);
  }

  .action.remove {
    padding: 0;
  }

  .action.retry {
    border-color: color-mix(in srgb, var(--_text) 18%, var(--_surface));
    background: var(--_surface);
    color: var(--_text);
  }

  .item :focus-visible {
    outline-offset: 0;
  }

  @container (inline-size < 480px) {
    .summary {
      flex-wrap: wrap;
    }

    .summary .choices:has(:nth-child(2)) {
      flex: 1 0 100%;
    }

    a.action {
      padding: 0;
    }

    a.action .label {
      position: absolute;
      clip-path: inset(50%);
    }

    .actions {
      gap: 4px;
    }
  }

  @media (forced-colors: active) {
    .item,
    .summary,
    .tile,
    .action.retry {
      border: 1px solid CanvasText;
    }

    .badge {
      border: 1px solid CanvasText;
    }

    progress {
      border-block-start: 1px solid CanvasText;
      forced-color-adjust: none;
      background: Canvas;
    }

    progress::-webkit-progress-value {
      background: Highlight;
    }

    progress::-moz-progress-bar {
      background: Highlight;
    }
  }
`;
