import { installPlatform } from "./synth.mjs";

await installPlatform();
