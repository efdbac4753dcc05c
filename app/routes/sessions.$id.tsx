import { AppError } from "@redline/core/errors";
import type { MetaFunction } from "@remix-run/node";
import { type ShouldRevalidateFunction, useActionData, useLoaderData } from "@remix-run/react";
import {
  type ConversationActionResult,
  conversationOutcomeMessage,
  isConversationIntent,
} from "../conversation/actions";
import "../conversation/conversation.css";
import { performConversationAction } from "../conversation/conversation-actions.server";
import "../difference/difference.css";
import { readDifferenceView } from "../difference/view.server";
import "../editor/editor.css";
import { getActionError } from "../http/action-error";
import { getActor } from "../http/actor.server";
import { readTextForm } from "../http/body.server";
import { withActionErrors, withLoaderErrors } from "../http/errors.server";
import { flash } from "../http/flash.server";
import { redirectWithin } from "../http/safe-redirect.server";
import { outcomeMessage } from "../review/actions";
import { loadReviewPage } from "../review/load.server";
import { loadPlainEdit } from "../review/load-plain-edit.server";
import { PlainEditor } from "../review/plain-editor";
import { performReviewAction } from "../review/review-actions.server";
import "../review/review.css";
import { ReviewScreen } from "../review/review-screen";
import { namesOpenFile } from "../review/use-open-file";

export const loader = withLoaderErrors(async ({ request, params, context }) => {
  const actor = await getActor(request);
  const query = new URL(request.url).searchParams;
  const path = query.get("file") ?? undefined;
  const line = Number(query.get("line")) || undefined;
  const thread = query.get("thread") ?? undefined;
  const resolved = query.get("resolved") ?? undefined;
  const view = readDifferenceView(request);
  const page = await loadReviewPage(actor, { id: params.id ?? "", path, line, thread, resolved, view });
  const plain = query.has("edit") ? await loadPlainEdit(actor, page, query.get("draft")) : null;
  context.freshIds = [page.nextThreadId, page.nextMessageId, page.changeId];
  return { page, plain };
});

/** Handles the page's forms without JavaScript; the outcome is flashed on the next page. */
export const action = withActionErrors(async ({ request, params }) => {
  const actor = await getActor(request);
  const id = params.id ?? "";
  const form = Object.fromEntries(await readTextForm(request));
  const url = new URL(request.url);
  if (!url.searchParams.has("file") && !url.searchParams.has("thread")) {
    // The file that was opened unasked stays open: what is done may make another the worst.
    const { file, files } = await loadReviewPage(actor, { id, view: readDifferenceView(request) });
    if (file && files.length > 1) url.searchParams.set("file", file.path);
  }
  if (isConversationIntent(form.intent))
    return redirectToThread(request, url, await performConversationAction(actor, id, form));
  const result = await performReviewAction(actor, id, form).catch(keepTyped(form));
  for (const name of ["edit", "draft", "index"]) url.searchParams.delete(name);
  const back = result.intent === "trash" ? "/sessions" : (result.mergeAt ?? `${url.pathname}${url.search}`);
  const trashed = result.intent === "trash" ? id : undefined;
  return redirectWithin(request, back, { headers: await flash({ message: outcomeMessage(result), trashed }) });
});

/** A refused save gives back what was typed: without JavaScript it is nowhere else. */
const keepTyped = (form: Record<string, unknown>) => (error: unknown) => {
  if (!(error instanceof AppError) || form.intent !== "save-text") throw error;
  const { code, message, cause, field, details } = error;
  throw new AppError(code, message, { cause, field, details: { ...Object(details), typed: form.text } });
};

/** Redirects a conversation form without JavaScript to its thread. */
async function redirectToThread(
  request: Request,
  url: URL,
  { intent, threadId }: ConversationActionResult,
): Promise<Response> {
  url.searchParams.delete("ask");
  url.searchParams.set("thread", threadId);
  const message = conversationOutcomeMessage(intent);
  return redirectWithin(request, `${url.pathname}${url.search}`, message ? { headers: await flash({ message }) } : {});
}

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: data && "page" in data ? `${data.page.session.name} · Redline` : "Session · Redline" },
];

/** Skips reloading when only the finding, thread or open file's name changes in the URL. */
export const shouldRevalidate: ShouldRevalidateFunction = ({
  currentUrl,
  nextUrl,
  formMethod,
  defaultShouldRevalidate,
}) => {
  if (formMethod || currentUrl.href === nextUrl.href || currentUrl.pathname !== nextUrl.pathname) {
    return defaultShouldRevalidate;
  }
  const isNaming = namesOpenFile(currentUrl, nextUrl);
  const rest = (url: URL) => {
    const query = new URLSearchParams(url.search);
    for (const name of ["finding", "thread", "ask", ...(isNaming ? ["file"] : [])]) query.delete(name);
    return query.toString();
  };
  return rest(currentUrl) === rest(nextUrl) ? false : defaultShouldRevalidate;
};

const typedIn = (details: unknown): string | undefined => {
  const { typed } = Object(details) as { typed?: unknown };
  return typeof typed === "string" ? typed : undefined;
};

export default function ReviewRoute() {
  const { page, plain } = useLoaderData<typeof loader>();
  const error = getActionError(useActionData<typeof action>());
  if (plain) {
    return <PlainEditor {...{ page, plain }} error={error?.message} refused={typedIn(error?.details)} />;
  }
  return <ReviewScreen key={page.session.id} page={page} error={error?.message} />;
}
