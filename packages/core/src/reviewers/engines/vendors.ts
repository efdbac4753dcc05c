import type { EngineInfo } from "./engine";

/** Redline's own rules, which several engines apply. */
export const redline: EngineInfo["vendor"] = { id: "redline", label: "Redline" };
