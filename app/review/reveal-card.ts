/** Brings an opened finding's card into view as a whole, once it has its height and place. */
export function revealCard(scroller: HTMLElement | null, identity: string): void {
  const reveal = () =>
    scroller?.querySelector(`[data-finding="${CSS.escape(identity)}"]`)?.scrollIntoView({ block: "nearest" });
  requestAnimationFrame(() => requestAnimationFrame(reveal));
}
