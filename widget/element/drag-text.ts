// What the drop area says, and looks like, while files are dragged over it that are not accepted. Comes with the first drag.
import { css } from 'lit';
import { acceptedType } from '../../server/rules/accept.js';
import { EXTENSION_TYPES } from '../../server/rules/file-types.js';
import { describeAccept } from './describe.js';
import type { DescribeDrag } from './drop-zone.js';
import { refuseIcon } from './file-icons.js';
import { fileLanguage } from './file-language.js';

export const dragStyles = css`
  .near {
    border-color: var(--_accent);
  }

  .over {
    position: sticky;
    inset-block-start: 8px;
    z-index: 2;
    border-style: solid;
    border-color: var(--_accent);
    background: var(--_tint);
    cursor: copy;
  }

  .over .glyph {
    background: var(--_accent);
    color: var(--_on-accent);
  }

  .over .invitation {
    color: var(--_accent);
  }

  .refuse {
    border-color: var(--_danger);
    background: color-mix(in srgb, var(--_danger) 7%, var(--_surface));
  }

  .refuse .glyph {
    background: var(--_danger);
    color: var(--_surface);
  }

  .refuse .invitation {
    color: var(--_danger);
  }

  @media (forced-colors: active) {
    .near,
    .over {
      border-color: Highlight;
    }
  }
`;

export const dragText: DescribeDrag = (drag, about, plain) => {
  const { accept = [] } = about.limits;
  const refused = drag.types.filter((type) => !typeMayPass(type, accept)).length;
  if (refused === 0) return plain;
  const language = fileLanguage(about.language);
  const { strings } = language;
  const said = strings.dropRefused(drag.count, refused);
  const instead = accept.length > 0 ? strings.useInstead(describeAccept(accept, language)) : '';
  if (refused < drag.count) return { ...plain, hint: `${said} ${instead}` };
  return { title: said, hint: instead, icon: refuseIcon, tone: 'over refuse' };
};

/** Whether a file of this type could pass under some name; a drag shows types, not names. */
function typeMayPass(type: string, accept: readonly string[]): boolean {
  if (type === '') return true;
  const names = [...EXTENSION_TYPES].filter(([, one]) => one === type).map(([extension]) => `x.${extension}`);
  return [...names, 'x'].some((name) => acceptedType({ name, type }, { accept }) !== undefined);
}
