import { SpActionButton, SpButton } from './Button.ts';
import { SpMenu, SpMenuItem } from './Menu.ts';
import { SpPicker } from './Picker.ts';
import { SpProgressbar } from './ProgressBar.ts';
import { SpCheckbox, SpDivider, SpLabel } from './plainWidgets.ts';
import { SpSlider } from './Slider.ts';
import { SpTextfield } from './Textfield.ts';

/** UXP brings these elements along; a browser has to be given them. */
export function registerWidgets(registry: CustomElementRegistry = customElements): void {
  const widgets = {
    'sp-button': SpButton,
    'sp-action-button': SpActionButton,
    'sp-slider': SpSlider,
    'sp-menu-item': SpMenuItem,
    'sp-menu': SpMenu,
    'sp-picker': SpPicker,
    'sp-textfield': SpTextfield,
    'sp-progressbar': SpProgressbar,
    'sp-checkbox': SpCheckbox,
    'sp-label': SpLabel,
    'sp-divider': SpDivider,
  };
  for (const [name, widget] of Object.entries(widgets)) {
    if (registry.get(name) === undefined) registry.define(name, widget);
  }
}
