import { DOCUMENTED_NODE_MEMBERS } from '@emoeditor/fake-photoshop/uxp/domOfUxp.ts';
import { DOCUMENTED_GLOBALS, LOOKED_FOR } from '@emoeditor/fake-photoshop/uxp/globalsOfUxp.ts';
import { LANGUAGE_GLOBALS, LATER_METHODS } from '@emoeditor/fake-photoshop/uxp/languageOfUxp.ts';
import {
  DOCUMENTED_PSEUDO_CLASSES,
  DOCUMENTED_STYLES,
  SEEN_STYLES,
  UNKNOWN_VALUES,
} from '@emoeditor/fake-photoshop/uxp/stylesOfUxp.ts';
import postcss, { type Declaration, type Rule } from 'postcss';
import { beforeAll, describe, expect, it } from 'vitest';
import { type BundleReading, readBundle } from './bundleReading.ts';
import { buildPanel } from './productionPanel.ts';

let bundle: BundleReading;
let sheet: postcss.Root;
beforeAll(async () => {
  bundle = readBundle((await buildPanel()).script);
  sheet = postcss.parse(bundle.styleSheets.join('\n'));
});

const named = (names: ReadonlySet<string>, ...known: ReadonlySet<string>[]) =>
  [...names].filter((name) => !known.some((list) => list.has(name)));

/** Members of the web's DOM that UXP lacks and that a panel would be tempted to use. */
const MISSING_MEMBERS = new Set(
  'naturalWidth naturalHeight checkVisibility computedStyleMap toggleAttribute'.split(' '),
);

describe('the production bundle, read', () => {
  it('[UX7] is ES2020, and asks for no global that UXP does not document', () => {
    // That it parsed says the first.
    expect(named(bundle.globals, LANGUAGE_GLOBALS, DOCUMENTED_GLOBALS, LOOKED_FOR)).toEqual([]);
    expect(named(LOOKED_FOR, bundle.globals), 'no longer named, so off the list').toEqual([]);
  });

  it('[UX7] calls no method that came after ES2020, and makes no error with a cause', () => {
    expect([...bundle.calledMethods].filter((name) => LATER_METHODS.has(name))).toEqual([]);
    expect(bundle.errorsWithOptions).toBe(0);
  });

  it('[UX8] uses no part of the DOM that UXP lacks', () => {
    expect([...MISSING_MEMBERS].filter((name) => DOCUMENTED_NODE_MEMBERS.has(name))).toEqual([]);
    expect([...MISSING_MEMBERS].filter((name) => bundle.properties.has(name))).toEqual([]);
  });

  it('[UX9] styles with nothing but what UXP draws', () => {
    const styles: string[] = [];
    const values: string[] = [];
    const selectors: string[] = [];
    sheet.walkDecls(({ prop, value }: Declaration) => {
      if (!DOCUMENTED_STYLES.has(prop) && !SEEN_STYLES.has(prop)) styles.push(prop);
      if (UNKNOWN_VALUES.some((unknown) => unknown.test(value))) values.push(`${prop}: ${value}`);
    });
    sheet.walkRules(({ selector }: Rule) => {
      for (const [, pseudo = ''] of selector.matchAll(/:+([a-z-]+)/g)) {
        if (!DOCUMENTED_PSEUDO_CLASSES.has(pseudo)) selectors.push(selector);
      }
    });
    expect({ styles, values, selectors }).toEqual({ styles: [], values: [], selectors: [] });
    expect(sheet.nodes.length, 'rules that were found in the bundle').toBeGreaterThan(60);
  });
});
