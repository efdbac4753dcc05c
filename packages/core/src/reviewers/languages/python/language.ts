import type { ContentDetector, Language } from "../language";

export const python: Language = {
  id: "python",
  label: "Python",
  extensions: ["py", "pyi", "pyw"],
  names: ["sconstruct", "sconscript"],
  interpreters: ["python"],
  grammar: "Python",
  hasFunctions: true,
};

export const detectPython: ContentDetector = (head) => {
  const block = /^(?:def \w+\(.*|class \w+.*|(?:el)?if .+|for .+ in .+|try|else|with .+):\s*(?:#.*)?$/m;
  const anImport = /^(?:from [\w.]+ import |import [\w.]+(?:\s+as \w+)?\s*$)/m;
  return block.test(head) || anImport.test(head) ? python.id : undefined;
};
