import { Form, useLocation, useSubmit } from "@remix-run/react";
import { useEffect, useRef } from "react";
import type { Flash } from "../http/flash.server";
import { Button } from "../ui/button";
import { Notice } from "../ui/notice";
import { useToast } from "../ui/toast";
import { useHydrated } from "../ui/use-hydrated";

/** Shows the last action's message: as a toast, or at the top of the page without JavaScript. */
export function FlashMessage({ flash }: { flash: Flash | undefined }) {
  const toast = useToast();
  const submit = useSubmit();
  const { pathname, search } = useLocation();
  const returnTo = pathname + search;
  const isHydrated = useHydrated();
  const shown = useRef<Flash>();
  useEffect(() => {
    if (!flash || shown.current === flash) return;
    shown.current = flash;
    const { message, trashed } = flash;
    const restore = () =>
      submit(
        { intent: "restore", id: trashed ?? "", returnTo },
        { method: "post", action: "/trash", navigate: false, fetcherKey: "undo" },
      );
    toast({ message, ...(trashed && { action: { label: "Undo", run: restore } }) });
  }, [flash, toast, submit, returnTo]);
  // With scripts, the toast shows it.
  if (!flash || isHydrated) return null;
  return (
    <div className="unscripted px-4 pt-3">
      <Notice>
        <Form method="post" action="/trash" className="flex items-center gap-3">
          {flash.message}
          {flash.trashed && (
            <>
              <input type="hidden" name="id" value={flash.trashed} />
              <input type="hidden" name="returnTo" value={returnTo} />
              <Button type="submit" name="intent" value="restore" size="small">
                Undo
              </Button>
            </>
          )}
        </Form>
      </Notice>
    </div>
  );
}
