/**
 * A session's page with 50 open and 300 resolved threads as `npm start` serves it, against that of the same file without,
 * in turns and each first as often as the other: the time of a request, the page's size, and the first page after a save,
 * which carries every open thread. The first request after a pause pays for the pause.
 */
import { localOwner } from "@redline/core/auth/index";
import { saveFiles } from "@redline/core/changes/index";
import { newChangeId } from "@redline/core/changes/schema";
import { LIMITS } from "@redline/core/limits";
import { getSession } from "@redline/core/sessions/index";
import { openThread, resolveThread } from "@redline/core/threads/index";
import { newMessageId, newThreadId } from "@redline/core/threads/schema";
import { resourceEnv } from "@redline/local/launcher/resource-env";
import { newDataDir, removeDataDir } from "../e2e/support/product";
import { atMost, type Figure, median, rounded } from "./figure";
import { reviewedSession, sampleCode, untilServing } from "./requests";
import { startProductWithCloud } from "./servers";

const FIRST_PORT = 3972;
const RESOLVED = 300;
const ROUNDS = 40;
const SAVES = 14;
const FILE = "orders.ts";

export async function run(): Promise<Figure[]> {
  const dataDir = newDataDir();
  const { product, cloud } = await startProductWithCloud(dataDir, FIRST_PORT);
  const code = sampleCode(40, 16);
  const [talked, silent] = [
    await reviewedSession(product.url, { name: FILE, text: code }),
    await reviewedSession(product.url, { name: FILE, text: code }),
  ];
  Object.assign(process.env, resourceEnv(cloud, "bench"));
  for (let at = 0; at < RESOLVED; at++) await resolveThread(localOwner(), await openNote(talked, at));
  for (let at = 0; at < LIMITS.thread.maxOpen; at++) await openNote(talked, at);
  const pages = { talked: `${product.url}${talked}`, silent: `${product.url}${silent}` };
  await untilServing(pages.talked, performance.now());
  const ratios: number[] = [];
  let bytes = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const { ratio, size } = await compare(pages, round);
    bytes = size;
    // The first rounds are slower: the code is not yet compiled for speed.
    if (round >= ROUNDS / 4) ratios.push(ratio);
  }
  const afterSave: number[] = [];
  for (let save = 1; save <= SAVES; save++) {
    for (const path of [talked, silent]) await addLine(path, save, code);
    afterSave.push((await compare(pages, save)).ratio);
  }
  await product.stop();
  removeDataDir(dataDir);
  const threads = `${LIMITS.thread.maxOpen} open and ${RESOLVED} resolved threads`;
  const figure = (name: string, value: number, unit: string, goal: number, ratio_to?: string) =>
    atMost({ bench: "threads-page", name, value: rounded(value), unit, goal, ...(ratio_to && { ratio_to }) });
  return [
    figure(`page with ${threads}`, median(ratios), "", 1.3, "the same file without"),
    figure(`size of the page with ${threads}`, bytes / 1_024, "KB", 400),
    figure(`first page after a save with ${threads}`, median(afterSave), "", 1.5, "the same file without"),
  ];
}

async function openNote(path: string, at: number) {
  const [sessionId, threadId] = [path.replace("/sessions/", ""), newThreadId()];
  const message = { id: newMessageId(), text: `Is this right, and why is it here? (${at + 1})`, wantsReply: false };
  await openThread(localOwner(), { sessionId, threadId, path: FILE, startLine: 1 + ((at * 7) % 300), message });
  return { sessionId, threadId };
}

async function addLine(path: string, base: number, code: string): Promise<void> {
  const { codebaseId } = await getSession(localOwner(), { id: path.replace("/sessions/", "") });
  const text = `${"// added\n".repeat(base)}${code}`;
  await saveFiles(localOwner(), { codebaseId, base, changeId: newChangeId(), files: [{ path: FILE, text }] });
}

/** Requests both pages, the one with threads first in every other round. Returns its share of time, and its size. */
async function compare(pages: { talked: string; silent: string }, round: number) {
  const isFirst = round % 2 === 0;
  const before = isFirst ? await timed(pages.talked) : undefined;
  const silent = await timed(pages.silent);
  const talked = before ?? (await timed(pages.talked));
  return { ratio: talked.ms / silent.ms, size: talked.bytes };
}

async function timed(url: string): Promise<{ ms: number; bytes: number }> {
  const startedAt = performance.now();
  const page = await (await fetch(url)).arrayBuffer();
  return { ms: performance.now() - startedAt, bytes: page.byteLength };
}
