import { sharedSheet } from './defineStyles.ts';
import { SpMenuItem } from './Menu.ts';
import { Widget } from './Widget.ts';

const style = sharedSheet(`
  :host { position: relative; display: inline-flex; width: 192px; vertical-align: top; }
  .field {
    display: flex; flex: 1 1 auto; align-items: center; min-width: 0; height: 26px; padding: 0 8px;
    border: 1px solid var(--line); border-radius: 4px; background-color: var(--well); cursor: pointer;
  }
  .field:hover { background-color: var(--hover); }
  :host([size="s"]) .field { height: 24px; }
  .chosen { flex: 1 1 auto; min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .chosen.absent { color: var(--quiet-text); font-style: italic; }
  .arrow { flex-shrink: 0; width: 10px; height: 6px; margin-left: 8px; fill: none; stroke: var(--quiet-text); stroke-width: 1.5; }
  :host(:focus-visible) .field { border-color: var(--accent); box-shadow: 0 0 0 1px var(--accent); }
  .list {
    position: fixed; z-index: 1000; margin: 0; padding: 4px 0; overflow-y: auto; inset: auto;
    border: 1px solid var(--line); border-radius: 4px; background-color: var(--ground); color: var(--text);
    box-shadow: 0 4px 14px rgba(0, 0, 0, 0.35);
  }
`);

const markup = `
  <div class="field eased" part="field">
    <span class="chosen"></span>
    <svg class="arrow" viewBox="0 0 10 6" aria-hidden="true"><path d="M1 1l4 4 4-4" /></svg>
  </div>
  <div class="list" popover="manual"><slot name="options"></slot></div>
`;

/** Ids of lists, for the page. */
let lastId = 0;

/** A field that opens a list. The list stands in the top layer, so that no scrolling parent cuts it off. */
export class SpPicker extends Widget {
  static readonly observedAttributes = ['disabled', 'placeholder', 'value'];
  #isOpen = false;
  #current = -1;
  readonly #watcher = new MutationObserver(() => this.refresh());
  readonly #closeOutside = (event: Event) => {
    if (!event.composedPath().includes(this)) this.#close();
  };
  readonly #closeAnyway = () => this.#close();

  constructor() {
    super(style, markup);
    this.find('.field').addEventListener('click', () =>
      this.#isOpen ? this.#close() : this.#open(),
    );
    this.addEventListener('click', (event) => this.#chooseClicked(event));
    this.addEventListener('keydown', (event) => this.#press(event));
    this.addEventListener('pointermove', (event) => this.#pointAt(event));
  }

  get items(): SpMenuItem[] {
    return [...this.querySelectorAll('sp-menu-item')].filter(
      (item): item is SpMenuItem => item instanceof SpMenuItem,
    );
  }

  get selectedIndex(): number {
    return this.items.findIndex((item) => item.selected);
  }

  set selectedIndex(index: number) {
    for (const [at, item] of this.items.entries()) item.selected = at === Number(index);
    if (this.isConnected) this.refresh();
  }

  get selectedOptions(): SpMenuItem[] {
    return this.items.filter((item) => item.selected);
  }

  get value(): string {
    return this.items[this.selectedIndex]?.value ?? '';
  }

  set value(value: unknown) {
    this.selectedIndex = this.items.findIndex((item) => item.value === String(value));
  }

  override connectedCallback(): void {
    this.#watcher.observe(this, {
      subtree: true,
      childList: true,
      characterData: true,
      attributeFilter: ['selected', 'value'],
    });
    super.connectedCallback();
  }

  disconnectedCallback(): void {
    this.#watcher.disconnect();
    this.#close();
  }

  protected override refresh(): void {
    this.setRole('combobox');
    this.refreshFocus();
    this.setAttribute('aria-haspopup', 'listbox');
    this.setAttribute('aria-expanded', String(this.#isOpen));
    const chosen = this.items[this.selectedIndex];
    const text = chosen?.textContent?.trim() ?? this.getAttribute('placeholder') ?? '';
    this.find('.chosen').textContent = text;
    this.find('.chosen').classList.toggle('absent', chosen === undefined);
    this.#refreshList();
  }

  /** What screen readers are told: which list belongs to the field, and which of its items is pointed at. */
  #refreshList(): void {
    const menu = this.querySelector('sp-menu');
    if (menu === null) return;
    if (menu.id === '') {
      lastId += 1;
      menu.id = `picker-${lastId}`;
    }
    this.setAttribute('aria-controls', menu.id);
    for (const [at, item] of this.items.entries()) item.id = `${menu.id}-${at}`;
    const pointed = this.#isOpen ? this.items[this.#current] : undefined;
    if (pointed === undefined) this.removeAttribute('aria-activedescendant');
    else this.setAttribute('aria-activedescendant', pointed.id);
  }

  #open(): void {
    if (this.disabled || this.#isOpen) return;
    this.#isOpen = true;
    const list = this.find('.list');
    list.showPopover();
    this.#place(list);
    this.#point(Math.max(0, this.selectedIndex));
    document.addEventListener('pointerdown', this.#closeOutside, true);
    window.addEventListener('resize', this.#closeAnyway);
    this.addEventListener('blur', this.#closeAnyway);
    this.refresh();
  }

  #close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.find('.list').hidePopover();
    this.#point(-1);
    document.removeEventListener('pointerdown', this.#closeOutside, true);
    window.removeEventListener('resize', this.#closeAnyway);
    this.removeEventListener('blur', this.#closeAnyway);
    this.refresh();
  }

  /** Below the field, or above it where there is more room. */
  #place(list: HTMLElement): void {
    const field = this.find('.field').getBoundingClientRect();
    const below = window.innerHeight - field.bottom - 8;
    const above = field.top - 8;
    const goesUp = below < Math.min(list.scrollHeight + 2, 200) && above > below;
    list.style.left = `${field.left}px`;
    list.style.minWidth = `${field.width}px`;
    list.style.maxHeight = `${Math.max(60, goesUp ? above : below)}px`;
    list.style.top = goesUp ? 'auto' : `${field.bottom + 2}px`;
    list.style.bottom = goesUp ? `${window.innerHeight - field.top + 2}px` : 'auto';
  }

  #point(index: number): void {
    this.#current = index;
    for (const [at, item] of this.items.entries()) {
      item.classList.toggle('current', at === index);
      if (at === index) item.scrollIntoView({ block: 'nearest' });
    }
    this.#refreshList();
  }

  #pointAt(event: Event): void {
    const index = this.items.indexOf(event.target as SpMenuItem);
    if (this.#isOpen && index >= 0 && index !== this.#current) this.#point(index);
  }

  #chooseClicked(event: Event): void {
    const index = this.items.findIndex((item) => event.composedPath().includes(item));
    if (index < 0) return;
    this.#choose(index);
  }

  #choose(index: number): void {
    const item = this.items[index];
    if (item === undefined || item.disabled) return;
    const isNew = index !== this.selectedIndex;
    this.selectedIndex = index;
    this.#close();
    if (isNew) this.announce('change');
  }

  /** A letter goes to the next item that begins with it. */
  #lettered({ key, ctrlKey, metaKey, altKey }: KeyboardEvent): (() => void) | undefined {
    if (key.length !== 1 || ctrlKey || metaKey || altKey) return undefined;
    const { items } = this;
    const from = this.#isOpen ? this.#current : this.selectedIndex;
    const next = items
      .map((_, step) => (from + 1 + step) % items.length)
      .find((at) => items[at]?.textContent?.trim().toLowerCase().startsWith(key.toLowerCase()));
    if (next === undefined) return undefined;
    return () => (this.#isOpen ? this.#point(next) : this.#choose(next));
  }

  #press(event: KeyboardEvent): void {
    if (this.disabled) return;
    const last = this.items.length - 1;
    const at = this.#current;
    const moves: Record<string, () => void> = {
      ArrowDown: () => (this.#isOpen ? this.#point(Math.min(last, at + 1)) : this.#open()),
      ArrowUp: () => (this.#isOpen ? this.#point(Math.max(0, at - 1)) : this.#open()),
      Home: () => this.#isOpen && this.#point(0),
      End: () => this.#isOpen && this.#point(last),
      Enter: () => (this.#isOpen ? this.#choose(at) : this.#open()),
      ' ': () => (this.#isOpen ? this.#choose(at) : this.#open()),
      Escape: () => this.#close(),
    };
    const move = moves[event.key] ?? this.#lettered(event);
    if (move === undefined) return;
    event.preventDefault();
    move();
  }
}
