import { useLocation, useNavigate } from "@remix-run/react";
import { useEffect } from "react";
import { useToast } from "../ui/toast";
import { type DroppedFiles, readDataTransfer } from "./dropped-files";
import { hasFiles } from "./use-page-drop";

/** Files on their way to the form of a new session. */
let handed: DroppedFiles | undefined;

/** Returns the files that were dropped on another page for a new session, once. */
export function takeHandedFiles(): DroppedFiles | undefined {
  const files = handed;
  handed = undefined;
  return files;
}

/** Pages that lead to a new session: files dropped there start one. */
const STARTS = new Set(["/", "/sessions"]);

/** Handles files dropped on a page without a form for them, which the browser would else open instead of the page. */
export function useStrayDrop(): void {
  const { pathname } = useLocation();
  const navigate = useNavigate();
  const toast = useToast();
  useEffect(() => {
    const isStray = (event: DragEvent) =>
      !event.defaultPrevented &&
      hasFiles(event.dataTransfer) &&
      !(event.target instanceof HTMLInputElement && event.target.type === "file");
    const onDragOver = (event: DragEvent) => {
      if (isStray(event)) event.preventDefault();
    };
    const onDrop = async (event: DragEvent) => {
      if (!isStray(event) || !event.dataTransfer) return;
      event.preventDefault();
      if (pathname.startsWith("/auth/")) return;
      const files = await readDataTransfer(event.dataTransfer);
      const start = () => {
        handed = files;
        navigate("/sessions/new");
      };
      if (STARTS.has(pathname)) start();
      else
        toast({
          message: "Nothing was added: files start a new session.",
          action: { label: "New session", run: start },
        });
    };
    window.addEventListener("dragover", onDragOver);
    window.addEventListener("drop", onDrop);
    return () => {
      window.removeEventListener("dragover", onDragOver);
      window.removeEventListener("drop", onDrop);
    };
  }, [pathname, navigate, toast]);
}
