/** What the stories need of a browser, the same for every engine. */

export type Cookie = { name: string; httpOnly: boolean; secure: boolean; sameSite: string };

export interface Engine {
  open(url: string): Promise<void>;
  reload(): Promise<void>;
  /** Returns the value, which has to be JSON, of an expression in the page. */
  evaluate<T>(expression: string): Promise<T>;
  /** Clicks the first visible element with this accessible role and name. Returns false when there is none. */
  click(role: Role, name: string): Promise<boolean>;
  /** Presses keys one after the other: characters, keys by their name (`Enter`), or several at once (`Control+Enter`). */
  press(...keys: string[]): Promise<void>;
  cookies(): Promise<Cookie[]>;
  close(): Promise<void>;
}

export type Role = keyof typeof CANDIDATES;

/** The elements that can have a role, for drivers that tell an element's role and name but find none by them. */
export const CANDIDATES = {
  button: "button, [role=button]",
  link: "a[href]",
  textbox: "textarea, input, [role=textbox]",
} as const;
