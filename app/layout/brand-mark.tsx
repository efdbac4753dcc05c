/** Redline's mark: lines of text, one of them struck. */
export function BrandMark() {
  return (
    <svg viewBox="0 0 32 32" className="size-5" aria-hidden="true">
      <rect width="32" height="32" rx="6" className="fill-accent" />
      <path d="M7 10h18M7 16h11M7 22h14" className="stroke-on-accent" strokeWidth="2.5" strokeLinecap="round" />
      <path d="M5 16h16" className="stroke-on-accent" strokeOpacity=".55" strokeWidth="2" />
    </svg>
  );
}
