/** The gate: says nothing that the name beside it does not. */
export function BrandMark() {
  return (
    <svg className="brand-mark" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
      <path d="M3 17V5M3 7l14-3v4L3 11M17 17v-3" />
    </svg>
  );
}
