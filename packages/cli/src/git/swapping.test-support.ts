/** A process that swaps a file's two texts until it is killed. Takes the folder. */
import { swapFile } from "./swap-file";
import { WorkTreeFiles } from "./work-tree-files";

const files = new WorkTreeFiles(process.argv[2] ?? "");
const texts = ["old\n", "new\n"].map((line) => Buffer.from(line.repeat(400_000)));
process.stdout.write("begun\n");
for (let at = 0; ; at++) {
  const [one, two] = [texts[at % 2], texts[(at + 1) % 2]] as [Buffer, Buffer];
  if (!swapFile(files, "a.txt", one, two)) swapFile(files, "a.txt", two, one);
}
