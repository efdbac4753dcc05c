import { testModel } from "@redline/core/ai/index";
import { describeKnownModels } from "@redline/core/ai/internal";
import type { Actor } from "@redline/core/auth/schema";
import { AppError, toErrorShape } from "@redline/core/errors";
import { getSettings, saveBudget, saveInstructions } from "@redline/core/settings/index";
import { getQuota } from "@redline/core/usage/index";
import { data } from "@remix-run/node";
import { readTextForm } from "../http/body.server";
import { flash } from "../http/flash.server";
import { formText } from "../http/form-text.server";
import { redirectWithin } from "../http/safe-redirect.server";

/** Loads the model settings: the configured models and the user's settings. */
export async function loadModelSettings(actor: Actor) {
  const [models, settings, quota] = await Promise.all([
    describeKnownModels(),
    getSettings(actor, {}),
    getQuota(actor, {}),
  ]);
  return { ...models, settings, quota };
}

/** Performs the submitted form's action. Errors are returned with the submitted values. */
export async function performSettingsAction(actor: Actor, request: Request, requestId: string) {
  let typed: { instructions?: string; budget?: string } = {};
  try {
    const form = await readTextForm(request);
    typed = { instructions: formText(form, "instructions"), budget: formText(form, "budget") };
    switch (formText(form, "intent")) {
      case "test":
        return { test: await testModel(actor, {}) };
      case "instructions":
        await saveInstructions(actor, { instructions: typed.instructions ?? "" });
        return redirectToSection(request, "Custom instructions saved.", "instructions");
      case "budget": {
        const { dailyTokens } = await saveBudget(actor, { dailyTokens: parseTokens(typed.budget ?? "") });
        const words = dailyTokens === null ? "Daily budget removed." : "Daily budget saved.";
        return redirectToSection(request, words, "budget");
      }
      default:
        throw new AppError("INVALID_INPUT", "Unknown action.", { field: "intent" });
    }
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return data({ ...toErrorShape(error, requestId), typed }, { status: error.status });
  }
}

const redirectToSection = async (request: Request, message: string, section: string) =>
  redirectWithin(request, `/settings/model#${section}`, { headers: await flash({ message }) });

/** Parses a token count with separators; null when empty, NaN when invalid (the schema reports it). */
function parseTokens(text: string): number | null {
  const digits = text.replace(/[\s,_.']/g, "");
  if (digits === "") return null;
  return /^-?\d+$/.test(digits) ? Number(digits) : Number.NaN;
}
