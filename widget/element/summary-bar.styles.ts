// The list as a whole, the bars above and under it, and progress in both.
import { css } from 'lit';

export const summaryStyles = css`
  .zone.slim {
    padding: 11.5px;
    padding-inline-end: 12px;
  }

  .secondary {
    border-color: color-mix(in srgb, var(--_text) 18%, var(--_surface));
    background: var(--_surface);
    box-shadow: 0 1px 1px rgb(0 0 0 / 4%);
  }

  @media (hover: hover) {
    .secondary:hover {
      border-color: color-mix(in srgb, var(--_text) 32%, var(--_surface));
      background: var(--_ground);
    }
  }

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

  .summary button {
    max-inline-size: 100%;
    white-space: normal;
    overflow-wrap: anywhere;
  }

  .holding {
    margin-block-start: var(--_gap);
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

  .gap {
    margin-block-end: calc(-1 * var(--_gap));
  }

  .note {
    color: var(--_muted);
    font-size: 0.8125rem;
    line-height: 1.25rem;
    overflow-wrap: anywhere;
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
  }

  progress::-moz-progress-bar {
    background: var(--_accent);
  }

  /* Nothing moves while it waits. */
  :is(.stalled, .paused) > progress {
    --_accent: color-mix(in srgb, var(--_muted) 55%, var(--_surface));
  }

  @container (inline-size < 480px) {
    .slim .hint {
      display: none;
    }

    .summary {
      flex-wrap: wrap;
    }

    .summary .body {
      flex: 999 1 140px;
    }

    .summary .choices {
      flex: 1 1 auto;
    }

    .summary .choices > * {
      flex: 1 1 auto;
    }

    .mark {
      display: none;
    }
  }

  @media (forced-colors: active) {
    .summary {
      border-color: CanvasText;
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
