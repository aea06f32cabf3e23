// Colours, type and shapes: the public custom properties, their defaults in light and dark, and what is derived.
import { css } from 'lit';

export const themeStyles = css`
  /* Follows the page's color-scheme, so that a light page stays light on a dark system. Every browser that knows the
     element's :state() knows light-dark() too, but for one of the spring of 2024, which takes the page's own colours. */
  :host {
    --_accent: var(--b2-accent, light-dark(#4553d8, #9aa5ff));
    --_on-accent: var(--b2-on-accent, light-dark(#fff, #10132b));
    --_surface: var(--b2-surface, light-dark(#fff, #17181c));
    --_text: var(--b2-text, light-dark(#17191f, #eceef2));
    --_muted: var(--b2-muted, light-dark(#5b6270, #a2a8b4));
    --_border: var(--b2-border, light-dark(#e3e5ea, #30333b));
    --_danger: var(--b2-danger, light-dark(#c0272d, #ff8f8a));
    --_success: var(--b2-success, light-dark(#15773c, #5fd592));
    --_radius: var(--b2-radius, 12px);
    --_gap: var(--b2-gap, 8px);
    --_inner: max(0px, var(--_radius) - 4px);
    /* Edges of controls need 3:1, hairlines between things do not. */
    --_edge: var(--b2-border, color-mix(in srgb, var(--_text) 46%, var(--_surface)));
    --_ground: color-mix(in srgb, var(--_text) 3%, var(--_surface));
    --_tint: color-mix(in srgb, var(--_accent) 9%, var(--_surface));
  }

  :host {
    display: block;
    container-type: inline-size;
    color: var(--_text);
    font-family: var(--b2-font, inherit);
    font-size: 0.875rem;
    line-height: 1.25rem;
    font-weight: 400;
    letter-spacing: normal;
    text-align: start;
    -webkit-tap-highlight-color: transparent;
  }

  :host([hidden]),
  [hidden] {
    display: none !important;
  }

  *,
  ::before,
  ::after {
    box-sizing: border-box;
  }

  .hidden {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    margin: -1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
    user-select: none;
  }

  .icon {
    display: block;
    inline-size: 20px;
    block-size: 20px;
    flex: none;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.5;
    stroke-linecap: round;
    stroke-linejoin: round;
  }

  button,
  .action {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 8px;
    min-block-size: 40px;
    min-inline-size: 40px;
    margin: 0;
    padding: 0 16px;
    border: 1px solid transparent;
    border-radius: var(--_inner);
    background: none;
    color: inherit;
    font: inherit;
    font-weight: 500;
    text-decoration: none;
    white-space: nowrap;
    cursor: pointer;
    touch-action: manipulation;
    transition:
      background-color 120ms,
      border-color 120ms,
      color 120ms;
  }

  .primary {
    background: var(--_accent);
    color: var(--_on-accent);
  }

  .quiet {
    padding-inline: 12px;
    color: var(--_muted);
  }

  @media (hover: hover) {
    .primary:hover {
      background: color-mix(in srgb, var(--_accent) 88%, var(--_text));
    }

    .quiet:hover,
    .action:hover {
      background: color-mix(in srgb, var(--_text) 7%, transparent);
      color: var(--_text);
    }
  }

  :focus-visible {
    outline: 2px solid var(--_accent);
    outline-offset: 2px;
  }

  button:disabled {
    cursor: not-allowed;
    opacity: 0.5;
  }

  @media (pointer: coarse) {
    button,
    .action {
      min-block-size: 44px;
      min-inline-size: 44px;
    }
  }

  @media (prefers-reduced-motion: reduce) {
    *,
    ::before,
    ::after {
      transition: none !important;
      animation: none !important;
    }
  }
`;
