import type { DetailedHTMLProps, HTMLAttributes } from 'react';

/** UXP's built-in widgets, as far as they are used. Events go through `useNativeEvent`. */
type Widget<Attributes> = DetailedHTMLProps<HTMLAttributes<HTMLElement>, HTMLElement> &
  Attributes & { readonly class?: string };

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'sp-button': Widget<{
        variant?: 'cta' | 'primary' | 'secondary' | 'warning';
        quiet?: boolean;
        disabled?: boolean;
      }>;
      'sp-action-button': Widget<{ quiet?: boolean; disabled?: boolean }>;
      'sp-slider': Widget<{
        min?: number;
        max?: number;
        step?: number;
        value?: number;
        disabled?: boolean;
        'show-value'?: string;
      }>;
      'sp-picker': Widget<{ disabled?: boolean; size?: string }>;
      'sp-menu': Widget<object>;
      'sp-menu-item': Widget<{ value?: string; selected?: boolean }>;
      'sp-textfield': Widget<{
        value?: string;
        placeholder?: string;
        type?: string;
        disabled?: boolean;
        invalid?: boolean;
      }>;
      'sp-progressbar': Widget<{
        max?: number;
        value?: number;
        size?: string;
        'show-value'?: string;
      }>;
    }
  }
}
