/**
 * Test files follow each other in a process, as loading the libraries takes longer than most of them. Each begins with its own
 * copy of Redline's modules and with the environment, time and directory that the process began with.
 */
import { vi } from "vitest";

const START = Symbol.for("redline.test-process-start");
type Start = { env: NodeJS.ProcessEnv; directory: string };
const processWide = globalThis as { [START]?: Start };
processWide[START] ??= { env: { ...process.env }, directory: process.cwd() };
const start = processWide[START];

vi.useRealTimers();
for (const name of Object.keys(process.env)) if (!(name in start.env)) delete process.env[name];
Object.assign(process.env, start.env);
process.chdir(start.directory);
vi.resetModules();
