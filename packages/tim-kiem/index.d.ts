/** How the element is shown: suggestions, results, results alone, or suggestions in a dialog (Ctrl-K). */
export type Mode = "goi-y" | "ket-qua" | "danh-sach" | "dialog";

/** Before a visitor follows something; preventDefault() keeps the page where it is. */
export interface SelectDetail {
  kind: string;
  text: string;
  url: string;
}

/** After results were shown (with total), or before the server's own page is opened. */
export interface SearchDetail {
  q: string;
  url: string;
  total?: number;
}

/** What could not be answered, in words for the reader. status: that of HTTP, 0 without an answer. */
export interface ErrorDetail {
  message: string;
  status: number;
}

export interface TimKiemEventMap {
  "tim-kiem:select": CustomEvent<SelectDetail>;
  "tim-kiem:search": CustomEvent<SearchDetail>;
  "tim-kiem:error": CustomEvent<ErrorDetail>;
  "tim-kiem:open": CustomEvent<Record<string, never>>;
}

export interface TimKiemElement extends HTMLElement {
  /** Where the archive is: https://tra-cuu.example.vn. A bundled script has to be told. */
  api: string;
  q: string;
  mode: Mode;
  placeholder: string;
  label: string;
  /** How many results, 1 to 50. */
  so: string;
  sapXep: string;
  /** "sang" (light), "toi" (dark), or "" for that of the page. */
  giaoDien: string;
  search(text?: string): void;
  /** Shows the dialog of mode="dialog". */
  open(): void;
  close(): void;
  addEventListener<K extends keyof TimKiemEventMap>(
    type: K,
    listener: (this: TimKiemElement, event: TimKiemEventMap[K]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void;
}

declare global {
  interface HTMLElementTagNameMap {
    "tim-kiem": TimKiemElement;
  }
}
