import { Form, useNavigation, useSubmit } from "@remix-run/react";
import { type ReactNode, useCallback, useEffect, useRef } from "react";
import { Button } from "./button";

type FilterFormProps = {
  label: string;
  /** The current filter values from the URL, by field name. */
  filter: Record<string, string>;
  className?: string;
  children: ReactNode;
};

const TYPING_PAUSE_MS = 250;

/**
 * A form that filters a list through the URL: immediately on selection, after a pause while typing in a search field,
 * and with a button without JavaScript.
 */
export function FilterForm({ label, filter, className, children }: FilterFormProps) {
  const submit = useSubmit();
  const form = useRef<HTMLFormElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>();
  /** The submission pending until the page is idle. */
  const waiting = useRef<{ replace: boolean }>();
  const serialized = JSON.stringify(filter);
  const isFirst = useRef(true);
  useEffect(() => {
    const differing = Object.entries(JSON.parse(serialized) as Record<string, string>).flatMap(([name, value]) => {
      const control = form.current?.elements.namedItem(name);
      const isField = control instanceof HTMLInputElement || control instanceof HTMLSelectElement;
      return isField && control.value !== value ? [{ control, value }] : [];
    });
    if (isFirst.current) {
      isFirst.current = false;
      // A value chosen before the script loaded counts, too. An empty field may also be one that could not
      // show what the URL says.
      if (differing.some(({ control }) => control.value !== "")) waiting.current = { replace: true };
      return;
    }
    // Back and forward change the URL without touching what the fields hold; what was chosen since stays.
    if (waiting.current) return;
    for (const { control, value } of differing) if (control !== document.activeElement) control.value = value;
  }, [serialized]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const isIdle = useNavigation().state === "idle";
  const isIdleNow = useRef(isIdle);
  isIdleNow.current = isIdle;
  const sendWaiting = useCallback(() => {
    if (!form.current || !waiting.current) return;
    submit(form.current, { ...waiting.current, preventScrollReset: true });
    waiting.current = undefined;
  }, [submit]);
  // One request at a time: what changed during one is requested after its response.
  useEffect(() => {
    if (isIdle) sendWaiting();
  }, [isIdle, sendWaiting]);
  const send = (isTyping: boolean) => {
    clearTimeout(timer.current);
    const run = () => {
      waiting.current = { replace: isTyping };
      if (isIdleNow.current) sendWaiting();
    };
    if (isTyping) timer.current = setTimeout(run, TYPING_PAUSE_MS);
    else run();
  };
  return (
    <Form
      ref={form}
      method="get"
      role="search"
      aria-label={label}
      className={className}
      onChange={(event) => send(event.target instanceof HTMLInputElement && event.target.type === "search")}
      onSubmit={() => clearTimeout(timer.current)}
    >
      {children}
      <Button type="submit" className="unscripted">
        Filter
      </Button>
    </Form>
  );
}
