/** The languages that are read with a grammar of tree-sitter. */
import type { GrammarLanguage } from "./language";
import { c } from "./languages/c";
import { cpp } from "./languages/cpp";
import { csharp } from "./languages/csharp";
import { go } from "./languages/go";
import { java } from "./languages/java";
import { kotlin } from "./languages/kotlin";
import { php } from "./languages/php";
import { ruby } from "./languages/ruby";
import { rust } from "./languages/rust";
import { shell } from "./languages/shell";
import { workflow } from "./languages/workflow";

export const grammarLanguages: readonly GrammarLanguage[] = [
  ...[go, rust, java, kotlin, csharp, c, cpp],
  ...[ruby, php, shell, workflow],
];
