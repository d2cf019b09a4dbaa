// SPDX-License-Identifier: Apache-2.0
// Line drawings of 16 x 16, in the color of the text.
import type { ComponentChildren } from 'preact';

const drawn = (children: ComponentChildren) => () => (
  <svg class="icon" viewBox="0 0 16 16" width="16" height="16" fill="none" stroke="currentColor" stroke-width="1.4"
    stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">
    {children}
  </svg>
);

export const ResetIcon = drawn(<path d="M3.5 8a4.5 4.5 0 1 1 1.3 3.2M3.5 12V9h3" />);
export const CloseIcon = drawn(<path d="M4 4l8 8M12 4l-8 8" />);
export const UpIcon = drawn(<path d="M4 10l4-4 4 4" />);
export const DownIcon = drawn(<path d="M4 6l4 4 4-4" />);
export const PlusIcon = drawn(<path d="M8 3v10M3 8h10" />);
export const UndoIcon = drawn(<path d="M6 3L3 6l3 3M3 6h6a4 4 0 0 1 0 8H6" />);
export const RedoIcon = drawn(<path d="M10 3l3 3-3 3M13 6H7a4 4 0 0 0 0 8h3" />);
export const SplitIcon = drawn(<path d="M8 2v12M2.5 4h11v8h-11zM5 7l-1 1 1 1M11 7l1 1-1 1" />);
export const EyeIcon = drawn(
  <>
    <path d="M1.5 8S4 3.8 8 3.8 14.5 8 14.5 8 12 12.2 8 12.2 1.5 8 1.5 8z" />
    <circle cx="8" cy="8" r="1.8" />
  </>,
);
export const DropIcon = drawn(<path d="M8 2v7.5M4.8 6.5L8 9.7l3.2-3.2M2.5 11v2.5h11V11" />);
