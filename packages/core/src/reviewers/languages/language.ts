/** A language as the registry lists it. Plain data: browser code may import it. */
export type Language = {
  id: string;
  label: string;
  /** Without the dot, lower case; the first is the usual one. */
  extensions: readonly string[];
  /** Whole file names, lower case. */
  names?: readonly string[];
  /** Matches whole file names, lower case. Takes precedence over `names` and `extensions` of every language. */
  namePattern?: RegExp;
  /** As `namePattern`, of whole paths that begin with a slash. */
  pathPattern?: RegExp;
  /** Programs that a `#!` line names. */
  interpreters?: readonly string[];
  /** Name of its highlighting grammar in @codemirror/language-data; without one its code stays plain. */
  grammar?: string;
  /** Brackets are punctuation that nothing has to close, so nesting is not limited. */
  isProse?: true;
  /** Elements (`<a>…</a>`) nest as brackets do. */
  hasElements?: true;
  /** Its syntax (see `syntax-registry.ts`) tells functions, so their complexity is measured. */
  hasFunctions?: true;
};

/** Returns the id of the language that a text clearly begins in, or undefined. */
export type ContentDetector = (head: string) => string | undefined;
