/** Clients choose models' names: beyond so many all are forgotten, and longer ones are nobody's. */
const mostNames = 10_000;
const longestName = 256;

/** Answers by provider and model; each is looked for once. `nothing` answers names that are too long. */
export function remembered<Found>(
  find: (provider: string | null, model: string) => Found,
  nothing: Found,
): (provider: string | null, model: string) => Found {
  const known = new Map<string | null, Map<string, Found>>();
  let size = 0;
  return (provider, model) => {
    const names = known.get(provider);
    const found = names?.get(model);
    if (found !== undefined) return found;
    if (model.length > longestName) return nothing;
    if (size >= mostNames) {
      known.clear();
      size = 0;
    }
    const answer = find(provider, model);
    known.set(provider, (known.get(provider) ?? new Map<string, Found>()).set(model, answer));
    size += 1;
    return answer;
  };
}
