/** What the bundles were when somebody last looked: `docs/operating/bundles.md`. */

export type Bundle = { name: string; kb: number; initMs: number; peakMb: number | undefined; memorySize: number };

const count = (value: number) => value.toLocaleString("en-US");

export const asRecord = (bundles: Bundle[]): string => `# What is deployed, and how large it is

Written by \`npm run test:infra -- --write\`, which runs each bundle under a stand-in of Lambda's runtime. A bundle that grew by
more than a tenth since fails \`npm run test:infra\`: look at why, and write it down again. Sizes are unpacked, without source
maps. Times and memory are of one machine at one time and are compared with nothing but the function's own memory: loading
takes longer on Lambda, which reads a bundle for the first time.

| function | KB | loads in ms | most memory in MB | of MB |
| --- | ---: | ---: | ---: | ---: |
${bundles
  .map(({ name, kb, initMs, peakMb, memorySize }) => {
    return `| ${name} | ${count(kb)} | ${count(initMs)} | ${peakMb === undefined ? "?" : count(peakMb)} | ${count(memorySize)} |`;
  })
  .join("\n")}
`;

/** Sizes by the function's name. */
export function sizesIn(record: string): Map<string, number> {
  const rows = [...record.matchAll(/^\| (\w+) \| ([\d,]+) \|/gm)];
  return new Map(rows.map(([, name = "", kb = ""]) => [name, Number(kb.replaceAll(",", ""))]));
}
