/** A piece of the page that draws itself again when the document changed. */
export interface View {
  readonly element: HTMLElement;
  refresh(): void;
}
