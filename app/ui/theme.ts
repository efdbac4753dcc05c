import * as v from "valibot";

export const THEMES = ["system", "light", "dark"] as const;

export const themeSchema = v.picklist(THEMES, "Choose system, light or dark.");

export type Theme = v.InferOutput<typeof themeSchema>;
