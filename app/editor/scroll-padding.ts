import { EditorView } from "@codemirror/view";

/** The editor extension that keeps what is scrolled to out of the `scroll-padding` of the element that scrolls. */
export const scrollPadding = EditorView.scrollMargins.of((view) => {
  const scroller = findScroller(view.dom);
  if (!scroller) return null;
  const style = getComputedStyle(scroller);
  const px = (side: string) => Number.parseFloat(style.getPropertyValue(`scroll-padding-${side}`)) || 0;
  return { left: 0, right: px("right"), top: px("top"), bottom: px("bottom") };
});

function findScroller(element: Element): Element | null {
  for (let at = element.parentElement; at; at = at.parentElement) {
    if (getComputedStyle(at).overflowY === "auto") return at;
  }
  return null;
}
