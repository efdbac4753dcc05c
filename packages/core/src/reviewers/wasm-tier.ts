/**
 * Keeps V8 from optimising the engines' WebAssembly, to be imported before them. Measured on 1,000 lines: the optimiser
 * costs 0.5 s of processor time in the first seconds of a worker and made Biome no faster afterwards than the baseline
 * compiler's code. The flag holds for the process, which runs no other WebAssembly that is hot.
 */
import { setFlagsFromString } from "node:v8";

setFlagsFromString("--liftoff-only");
