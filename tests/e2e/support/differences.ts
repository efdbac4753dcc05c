/** Differences as a program on this machine sends them. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ChangedFile } from "@redline/core/differences/schema";
import type { RunningProduct } from "./product";

/** Sends a request with the token of the product's data folder; returns its answer. */
export async function sendLocally(
  product: RunningProduct,
  path: string,
  body?: unknown,
): Promise<{ status: number; body: Record<string, unknown> }> {
  const token = readFileSync(join(product.dataDir, "local-token"), "utf8").trim();
  const headers = { origin: product.url, authorization: `Bearer ${token}`, "content-type": "application/json" };
  const response = await fetch(`${product.url}${path}`, {
    headers,
    ...(body !== undefined && { method: "POST", body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.includes("json");
  return { status: response.status, body: isJson ? JSON.parse(text) : { text } };
}

/** Makes a session of changed files; returns its id. */
export async function makeDifference(product: RunningProduct, files: ChangedFile[], branch = "topic"): Promise<string> {
  const source = { kind: "git", range: `main...${branch}`, branch, baseLabel: "main" };
  const { body } = await sendLocally(product, "/differences", { key: crypto.randomUUID(), source, files });
  return String(body.id);
}
