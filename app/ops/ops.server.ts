import type { Actor } from "@redline/core/auth/schema";
import { AppError } from "@redline/core/errors";
import { getOverview, redrive } from "@redline/core/ops/index";
import { resources } from "@redline/core/platform/resources";
import { redirect } from "@remix-run/node";
import { flash } from "../http/flash.server";
import { versions } from "./versions.server";

/** The operator's page. */
export async function loadOperations(actor: Actor) {
  const overview = await getOverview(actor, {});
  return { ...overview, versions: { ...versions(), stage: resources.App.stage } };
}

/** Carries out what one of the page's forms asks, and goes back to it. */
export async function actOnOperations(actor: Actor, request: Request) {
  const form = await request.formData();
  if (form.get("intent") !== "redrive") {
    throw new AppError("INVALID_INPUT", "That is nothing this page can do.", { field: "intent" });
  }
  const letter = form.get("letter");
  const { moved } = await redrive(actor, {
    queue: form.get("queue") as never,
    ...(typeof letter === "string" && { letter }),
  });
  return redirect("/ops", { headers: await flash({ message: sentence(moved) }) });
}

function sentence(moved: number): string {
  if (moved === 0) return "There was nothing to put back: somebody else has, or is looking at it now.";
  return moved === 1 ? "One job is on its queue again." : `${moved} jobs are on their queue again.`;
}
