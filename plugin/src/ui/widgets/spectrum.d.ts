import type { DetailedHTMLProps, HTMLAttributes } from 'react';

/**
 * UXP's built-in widgets, as far as they are used. Only what never changes is an attribute here: whatever changes is a
 * property and goes through `useWidgetProperties`, events through `useNativeEvent`.
 */
type Widget<Attributes> = DetailedHTMLProps<HTMLAttributes<HTMLElement>, HTMLElement> &
  Attributes & { readonly class?: string };

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'sp-button': Widget<{ variant?: 'cta' | 'primary' | 'secondary' | 'warning' }>;
      'sp-action-button': Widget<{ quiet?: boolean }>;
      'sp-slider': Widget<{ 'show-value'?: string }>;
      'sp-picker': Widget<{ size?: string }>;
      'sp-menu': Widget<object>;
      'sp-menu-item': Widget<{ value?: string }>;
      'sp-textfield': Widget<{ placeholder?: string }>;
      'sp-textarea': Widget<object>;
      'sp-progressbar': Widget<{ size?: string; 'show-value'?: string }>;
    }
  }
}
